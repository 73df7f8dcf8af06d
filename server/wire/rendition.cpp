#include "wire/rendition.hpp"

namespace switchboard {
namespace {

constexpr std::size_t in_json = 1;
constexpr std::size_t for_agents = 2;
constexpr std::size_t unsupported = 4;

}  // namespace

Rendition::Rendition(const Publication& publication) : publication_(publication) {
    const auto* view = std::get_if<EntryView>(&publication.what);
    if (view == nullptr) return;
    kind_ = view->entry.kind;
    same_for_all_ =
        view->entry.visibility == Visibility::all && view->prev_seq == view->prev_public_seq;
}

const Frame& Rendition::as(const Look& look) {
    std::size_t index = 0;
    if (look.encoding == Encoding::json) index += in_json;
    if (look.audience == Visibility::agents && !same_for_all_) index += for_agents;
    if (kind_ && !look.kinds.has(*kind_)) index += unsupported;
    Frame& frame = frames_.at(index);
    if (!frame) frame = encode_publication(publication_, look);
    return frame;
}

}  // namespace switchboard
