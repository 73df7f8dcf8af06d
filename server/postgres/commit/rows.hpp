#pragma once

#include <array>
#include <cstdint>

#include "postgres/binary_array.hpp"
#include "postgres/commit/fold.hpp"

namespace switchboard {

// The kinds of rows that commit_batches_3() takes, in the order of its parameters: one array each.
enum class RowKind : std::size_t {
    limit,
    claim,
    visitor,
    conversation,
    entry,
    pointer,
    presence,
    attendance,
    total_limit,
    block,
    lift,
    missed,
    form,
    rating,
    group,
    site,
    site_rule,
    account,
    settings,
};
inline constexpr std::size_t row_kinds = 19;

// So many of the first kinds are in nearly every statement; a parameter costs something even when
// it is empty, so the others are left out where there are none.
inline constexpr std::size_t usual_row_kinds = 7;

// The composite type of each kind, of migrations/0004, 0006 and 0009.
inline constexpr std::array<const char*, row_kinds> row_type_names{"limit_record_2",
                                                                   "claim_record_2",
                                                                   "visitor_record",
                                                                   "conversation_record_2",
                                                                   "entry_record",
                                                                   "pointer_record",
                                                                   "presence_record",
                                                                   "attendance_record",
                                                                   "total_limit_record",
                                                                   "block_record",
                                                                   "lift_record",
                                                                   "missed_record",
                                                                   "form_record",
                                                                   "rating_record",
                                                                   "group_record",
                                                                   "site_record",
                                                                   "site_rule_record",
                                                                   "account_record",
                                                                   "settings_record_2"};

// Their oids in one database.
using RowTypes = std::array<std::uint32_t, row_kinds>;

using RowArrays = std::array<BinaryArray, row_kinds>;

// Adds the rows of the batch with this index to each array.
void add_rows(RowArrays& arrays, std::int32_t batch, const FoldedBatch& folded);

// Of add_rows(): what is configured.
void add_configuration(RowArrays& arrays, std::int32_t batch, const FoldedBatch& folded);

inline BinaryArray& rows_of(RowArrays& arrays, RowKind kind) {
    return arrays[static_cast<std::size_t>(kind)];
}

}  // namespace switchboard
