#pragma once

#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>

namespace switchboard {

// For what belongs to one thread and is known to others: whoever lets go of it last, it ends on the
// thread of `context`, at once if that is this one, and with the context if that runs no more. The
// context must outlive it.
template <class T>
std::shared_ptr<T> bound_to(boost::asio::io_context& context, std::unique_ptr<T> thing) {
    return {thing.release(), [&context](T* last) {
                boost::asio::dispatch(context, [ending = std::unique_ptr<T>(last)] {});
            }};
}

}  // namespace switchboard
