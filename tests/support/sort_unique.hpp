#pragma once

#include <algorithm>
#include <vector>

namespace switchboard {

template <class T>
void sort_unique(std::vector<T>& ids) {
    std::ranges::sort(ids);
    const auto rest = std::ranges::unique(ids);
    ids.erase(rest.begin(), rest.end());
}

}  // namespace switchboard
