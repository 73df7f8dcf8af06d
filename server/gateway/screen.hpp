#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "domain/command.hpp"
#include "domain/publication.hpp"
#include "wire/client_frame.hpp"

namespace switchboard {

// What one connection shows beside what is its person's: which conversations it has on its screen
// (K4: typing and pointers are of those alone), and what it watches (S7). It is the connection's
// own: whoever resumes says it anew.
//
// What a watch covers is held back from the moment it is asked for until the tenant has answered
// it. The answer is a picture of a moment within that time: were a change shown before it, the
// picture could put back what the change had replaced, and nothing would mend that. Shown after it,
// each change in its order, the last word is the newest. Only the answer says which sites' queues
// the person may watch, so until then nothing has to be guessed either. Thread of the connection.
class Screen {
public:
    void show(const View& view) { viewed_ = view.conversations; }

    // A connection that never said what it shows may show everything.
    bool shows(const PublicId& conversation) const {
        return !viewed_ || std::ranges::find(*viewed_, conversation) != viewed_->end();
    }

    // True: it is a pointer in a conversation off the screen, kept until that comes on it. Of one
    // person in one conversation the newest stays; beyond pointers_max different ones it says
    // false, and they are shown at once, so that none is lost.
    bool keeps(const Publication& publication);
    // Those kept whose conversation is on the screen now.
    std::vector<Publication> take_shown();

    // Asked by the frame `id`; takes the place of the watch before it.
    void ask(std::uint32_t id, const ShowLive& what) {
        watch_ = what;
        asked_by_ = id;
    }

    // The tenant answered: from here on the queues of these sites, ascending; or it refused, and
    // nothing is watched.
    void answer(const std::vector<SiteId>& sites) {
        asked_by_.reset();
        sites_ = sites;
    }
    void refuse() {
        asked_by_.reset();
        watch_ = {};
    }

    bool is_asked() const { return asked_by_.has_value(); }
    bool is_asked_by(std::uint32_t id) const { return asked_by_ == id; }

    bool watches(const Publication& publication) const {
        switch (publication.watchers) {
            case Watchers::presence:
                return watch_.agents;
            case Watchers::queue:
                return watch_.queue &&
                       (is_asked() || std::ranges::binary_search(sites_, publication.site));
            case Watchers::none:
            case Watchers::visitors:
                break;
        }
        return false;
    }

    // While is_asked(): shown once it is answered. False: there are `max` already.
    bool hold_back(const std::shared_ptr<const Publication>& publication, std::size_t max) {
        if (held_back_.size() >= max) return false;
        held_back_.push_back(publication);
        return true;
    }
    std::vector<std::shared_ptr<const Publication>> take_held_back() {
        return std::exchange(held_back_, {});
    }

private:
    static constexpr std::size_t pointers_max = 256;  // of about 200 bytes each

    std::optional<std::vector<PublicId>> viewed_;
    std::vector<Publication> pointers_;  // of conversations off the screen
    ShowLive watch_;
    std::vector<SiteId> sites_;  // of watch_.queue
    std::optional<std::uint32_t> asked_by_;
    std::vector<std::shared_ptr<const Publication>> held_back_;
};

}  // namespace switchboard
