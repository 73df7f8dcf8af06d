#include "domain/version.hpp"

#include "domain/hash.hpp"

namespace switchboard {
namespace {

// What a version is made of, each part told from the next.
class Parts {
public:
    Parts& number(std::int64_t number) {
        for (int shift = 56; shift >= 0; shift -= 8)
            bytes_ += static_cast<char>(static_cast<std::uint64_t>(number) >> shift);
        return *this;
    }
    Parts& text(std::string_view text) {
        number(static_cast<std::int64_t>(text.size()));
        bytes_ += text;
        return *this;
    }
    Parts& seconds(std::chrono::seconds time) { return number(time.count()); }
    template <class Enum>
    Parts& name(Enum value) {
        return number(static_cast<std::int64_t>(value));
    }
    Parts& id(const PublicId& id) {
        bytes_.append(id.bytes.begin(), id.bytes.end());
        return *this;
    }
    Parts& groups(const std::vector<GroupId>& groups) {
        number(static_cast<std::int64_t>(groups.size()));
        for (const GroupId group : groups)
            number(group.value);
        return *this;
    }
    Version version() const { return {hash_of(bytes_)}; }

private:
    std::string bytes_;
};

}  // namespace

Version version_of(const Agent& agent) {
    Parts parts;
    parts.id(agent.public_id).text(agent.login).text(agent.name).name(agent.role);
    parts.number(agent.enabled ? 1 : 0).groups(agent.groups).number(agent.total_max);
    for (const AgentChannel& each : agent.channels) {
        parts.name(each.channel).number(each.enabled ? 1 : 0).number(each.slots_max);
        parts.number(each.slots_hard_max).seconds(each.wrap_up);
    }
    return parts.version();
}

Version version_of(const Group& group) {
    return Parts().id(group.public_id).text(group.name).version();
}

Version version_of(const Site& site) {
    Parts parts;
    parts.text(site.key).text(site.name).groups(site.groups);
    parts.number(static_cast<std::int64_t>(site.origins.size()));
    for (const std::string& origin : site.origins)
        parts.text(origin);
    for (const SiteRule& rule : site.rules) {
        parts.name(rule.channel).name(rule.when_nobody_free).number(rule.waiting_max);
        parts.seconds(rule.wait_max).name(rule.when_waited_long);
    }
    return parts.version();
}

Version version_of(const TenantSettings& settings) {
    Parts parts;
    parts.seconds(settings.agent_grace).seconds(settings.visitor_grace);
    parts.seconds(settings.confirm_within).seconds(settings.inactive_after);
    parts.seconds(settings.close_after).name(settings.when_agent_gone);
    parts.number(settings.draft_preview ? 1 : 0);
    return parts.version();
}

}  // namespace switchboard
