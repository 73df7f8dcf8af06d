#include "wire/rendition.hpp"

#include <gtest/gtest.h>

#include "support/wire_samples.hpp"

namespace switchboard {
namespace {

KindSet with_notes() {
    KindSet kinds;
    kinds.add(EntryKind::note);
    return kinds;
}

const Look to_visitor{Encoding::binary, Visibility::all, {}};
const Look to_agent{Encoding::binary, Visibility::agents, {}};
const Look agent_json{Encoding::json, Visibility::agents, {}};
const Look agent_with_notes{Encoding::binary, Visibility::agents, with_notes()};

TEST(Rendition, EncodesOnceForAllOfOneLook) {
    const auto text = publication(text_view());
    Rendition rendition(text);
    const Frame first = rendition.as(to_agent);
    EXPECT_EQ(rendition.as(to_agent), first);
    EXPECT_NE(rendition.as(agent_json), first);
}

TEST(Rendition, VisitorAndAgentShareBytesThatAreTheSame) {
    const auto text = publication(text_view());
    Rendition rendition(text);
    EXPECT_EQ(rendition.as(to_visitor), rendition.as(to_agent));
}

TEST(Rendition, AnEntryAfterANoteIsNotTheSameForBoth) {
    auto view = text_view(7);
    view.prev_public_seq = 5;
    const auto text = publication(view);
    Rendition rendition(text);
    EXPECT_NE(*rendition.as(to_visitor), *rendition.as(to_agent));
}

TEST(Rendition, ANoteIsNotForVisitors) {
    const auto note = publication(note_view());
    Rendition rendition(note);
    EXPECT_EQ(rendition.as(to_visitor), nullptr);
    EXPECT_NE(rendition.as(to_agent), nullptr);
    EXPECT_NE(*rendition.as(to_agent), *rendition.as(agent_with_notes))
        << "it did not declare them";
}

TEST(Rendition, ASummaryIsNotTheSameForBoth) {
    const auto summary = publication(summary_view());
    Rendition rendition(summary);
    EXPECT_NE(*rendition.as(to_visitor), *rendition.as(to_agent));
}

}  // namespace
}  // namespace switchboard
