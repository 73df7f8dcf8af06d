#pragma once

#include <pqxx/pqxx>

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "domain/errors.hpp"
#include "domain/ids.hpp"

namespace switchboard {

// What may go wrong with a question to PostgreSQL, as an error_code.
enum class PostgresError {
    unreachable = 1,  // no connection, or it was lost: what was sent may have been done
    locked,           // somebody else kept a lock for longer than lock_timeout
    failed,           // PostgreSQL answered with another error: nothing was done
    not_found,        // what was asked for does not exist
};
error_code make_error_code(PostgresError error);

// A connection string: `base` as configured (key words or a URI), our ways to notice a dead peer,
// READ COMMITTED, and `server_settings`, each as "name=value" without spaces. They are part of the
// string because a connection that is made anew would forget what was SET.
std::string connection_string(const std::string& base,
                              std::string_view application_name,
                              std::initializer_list<std::string_view> server_settings);

// One connection, opened when it is first needed and dropped at its first error: libpqxx would go
// on with one that it made anew behind our back. For one thread at a time.
class PostgresConnection {
public:
    // What each new connection begins with: statements to prepare, oids to look up.
    using SetUp = std::function<void(pqxx::connection&)>;

    explicit PostgresConnection(std::string connection_string, SetUp set_up = {})
        : connection_string_(std::move(connection_string)), set_up_(std::move(set_up)) {}

    // Throws what libpqxx throws when no connection can be made, after 3 s at the latest, or what
    // the set-up throws.
    pqxx::connection& open();
    bool is_open() const { return connection_.has_value(); }
    void drop();

private:
    std::string connection_string_;
    SetUp set_up_;
    std::optional<pqxx::connection> connection_;
    std::unique_ptr<pqxx::quiet_errorhandler> quiet_;  // else notices go to standard error
};

// The error behind the exception that is being handled; for use in a catch block. What is not of
// libpqxx is thrown on.
error_code postgres_error_now();

// Runs `work` with the open connection, in which it throws as it likes; an exception of libpqxx
// drops the connection and comes out as the error.
template <class Work>
auto attempt(PostgresConnection& connection, Work&& work)
    -> Result<std::invoke_result_t<Work&, pqxx::connection&>> {
    try {
        if constexpr (std::is_void_v<std::invoke_result_t<Work&, pqxx::connection&>>) {
            work(connection.open());
            return {};
        } else {
            return work(connection.open());
        }
    } catch (const std::exception&) {
        const error_code error = postgres_error_now();
        connection.drop();
        return error;
    }
}

}  // namespace switchboard

template <>
struct boost::system::is_error_code_enum<switchboard::PostgresError> : std::true_type {};
