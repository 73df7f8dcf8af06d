#pragma once

#include "domain/facts.hpp"
#include "domain/publication.hpp"

namespace switchboard {

// Who asks, with his internal id filled in, and his name.
struct Asker {
    Principal principal;
    StoredVisitor visitor;  // of a visitor; id 0 while he is not stored
    PersonView view;
};

}  // namespace switchboard
