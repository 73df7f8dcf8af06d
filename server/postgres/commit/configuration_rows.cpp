#include "postgres/commit/rows.hpp"

namespace switchboard {
namespace {

// Each row has the fields of its type in migrations/0006_commit_batches_2.sql, of settings in
// 0009_draft_preview.sql, in that order.

void add(BinaryArray& rows, std::int32_t batch, const GroupRecord& record) {
    rows.begin_row(5);
    rows.field(batch);
    rows.field(record.group.id);
    rows.field(record.pos);
    rows.field(record.group.public_id);
    rows.field(record.group.name);
}

void add(BinaryArray& rows, std::int32_t batch, const SiteRecord& record) {
    rows.begin_row(7);
    rows.field(batch);
    rows.field(record.site.id);
    rows.field(record.pos);
    rows.field(record.site.key);
    rows.field(record.site.name);
    rows.field(record.site.origins);
    rows.field(record.site.groups);
}

void add(BinaryArray& rows, std::int32_t batch, SiteId site, const SiteRule& rule) {
    rows.begin_row(7);
    rows.field(batch);
    rows.field(site);
    rows.field(std::int32_t{rule.waiting_max});
    rows.field(rule.wait_max);
    rows.field(rule.channel);
    rows.field(rule.when_nobody_free);
    rows.field(rule.when_waited_long);
}

void add(BinaryArray& rows, std::int32_t batch, const AccountRecord& record) {
    const Account& account = record.account;
    rows.begin_row(10);
    rows.field(batch);
    rows.field(account.id);
    rows.field(record.pos);
    rows.field(account.public_id);
    rows.field(account.login);
    rows.field(account.password_hash);
    rows.field(account.name);
    rows.field(account.role);
    rows.field(account.enabled);
    rows.field(account.groups);
}

void add(BinaryArray& rows, std::int32_t batch, const SettingsRecord& record) {
    const TenantSettings& settings = record.settings;
    rows.begin_row(9);
    rows.field(batch);
    rows.field(record.pos);
    rows.field(settings.agent_grace);
    rows.field(settings.visitor_grace);
    rows.field(settings.confirm_within);
    rows.field(settings.inactive_after);
    rows.field(settings.close_after);
    rows.field(settings.when_agent_gone);
    rows.field(settings.draft_preview);
}

}  // namespace

void add_configuration(RowArrays& arrays, std::int32_t batch, const FoldedBatch& folded) {
    for (const GroupRecord* group : folded.groups)
        add(rows_of(arrays, RowKind::group), batch, *group);
    for (const SiteRecord* site : folded.sites) {
        add(rows_of(arrays, RowKind::site), batch, *site);
        for (const SiteRule& rule : site->site.rules)
            add(rows_of(arrays, RowKind::site_rule), batch, site->site.id, rule);
    }
    for (const AccountRecord& account : folded.accounts)
        add(rows_of(arrays, RowKind::account), batch, account);
    for (const SettingsRecord* settings : folded.settings)
        add(rows_of(arrays, RowKind::settings), batch, *settings);
}

}  // namespace switchboard
