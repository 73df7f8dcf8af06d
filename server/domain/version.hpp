#pragma once

#include <cstdint>

#include "domain/configuration.hpp"

namespace switchboard {

// What something that is configured is like, as a number: two that look the same over HTTP have the
// same one, two that differ another, but for one chance in 2^64. It is the thing's ETag, so what is
// no part of that look (passwords, presence, inner ids) is no part of it.
struct Version {
    std::uint64_t value = 0;

    bool operator==(const Version&) const = default;
};

Version version_of(const Agent& agent);  // with its limits
Version version_of(const Group& group);
Version version_of(const Site& site);
Version version_of(const TenantSettings& settings);

}  // namespace switchboard
