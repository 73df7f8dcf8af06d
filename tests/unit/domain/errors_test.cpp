#include "domain/errors.hpp"

#include <gtest/gtest.h>

#include <set>

namespace switchboard {
namespace {

TEST(Refusals, HaveEachTheirOwnRowInTheTable) {
    std::set<std::string_view> codes;
    for (int i = 0; i <= static_cast<int>(Refusal::version_mismatch); ++i) {
        const auto refusal = static_cast<Refusal>(i);
        EXPECT_EQ(info(refusal).refusal, refusal);
        EXPECT_TRUE(codes.insert(info(refusal).code).second) << info(refusal).code;
    }
}

}  // namespace
}  // namespace switchboard
