#include "gateway/screen.hpp"

namespace switchboard {

bool Screen::keeps(const Publication& publication) {
    const auto* pointer = std::get_if<PointerView>(&publication.what);
    if (pointer == nullptr || shows(pointer->conversation)) return false;
    const auto older = std::ranges::find_if(pointers_, [&](const Publication& each) {
        const auto& kept = std::get<PointerView>(each.what);
        return kept.conversation == pointer->conversation &&
               kept.person.public_id == pointer->person.public_id;
    });
    if (older != pointers_.end()) {
        *older = publication;
    } else if (pointers_.size() < pointers_max) {
        pointers_.push_back(publication);
    } else {
        return false;
    }
    return true;
}

std::vector<Publication> Screen::take_shown() {
    std::vector<Publication> shown;
    std::erase_if(pointers_, [&](Publication& each) {
        const bool is_shown = shows(std::get<PointerView>(each.what).conversation);
        if (is_shown) shown.push_back(std::move(each));
        return is_shown;
    });
    return shown;
}

}  // namespace switchboard
