#include "postgres/commit/commit_call.hpp"

#include <algorithm>

namespace switchboard {
namespace {

// With the rows that are in nearly every statement, and with all.
constexpr const char* usual_statement = "commit";
constexpr const char* whole_statement = "commit_all";
constexpr std::size_t parameters_before_rows = 6;

void prepare(pqxx::connection& connection, const char* name, std::size_t kinds) {
    std::string text = "SELECT commit_batches_3(";
    for (std::size_t i = 1; i <= parameters_before_rows + kinds; ++i)
        text += (i == 1 ? "$" : ", $") + std::to_string(i);
    connection.prepare(name, text + ")");
    connection.prepare_now(name);
}

}  // namespace

void CommitCall::prepare(pqxx::connection& connection) {
    switchboard::prepare(connection, usual_statement, usual_row_kinds);
    switchboard::prepare(connection, whole_statement, row_kinds);
}

void CommitCall::clear() {
    for (BinaryArray* array : {&tenant_, &epoch_, &expect_, &records_})
        array->clear();
    for (BinaryArray& array : rows_)
        array.clear();
}

void CommitCall::add(const Batch& batch) {
    tenant_.add(batch.tenant.value);
    epoch_.add(batch.fence.epoch);
    expect_.add(batch.fence.pos);
    records_.add(std::int32_t{batch.positions});

    const std::int32_t index = tenant_.size();  // 1-based, as in SQL
    fold(batch, folded_);
    add_rows(rows_, index, folded_);
}

bool CommitCall::is_usual() const {
    const auto is_empty = [](const BinaryArray& array) { return array.size() == 0; };
    return std::all_of(rows_.begin() + usual_row_kinds, rows_.end(), is_empty);
}

std::string CommitCall::run(pqxx::connection& connection,
                            const RowTypes& types,
                            const std::string& me,
                            bool wait) {
    const bool usual = is_usual();
    std::vector<pqxx::binarystring> rows;
    for (std::size_t i = 0; i < (usual ? usual_row_kinds : row_kinds); ++i)
        rows.push_back(rows_[i].parameter(types[i]));
    pqxx::nontransaction transaction(connection);
    const auto answer = transaction.exec_prepared(usual ? usual_statement : whole_statement,
                                                  me,
                                                  wait,
                                                  tenant_.parameter(PgType::int8),
                                                  epoch_.parameter(PgType::int8),
                                                  expect_.parameter(PgType::int8),
                                                  records_.parameter(PgType::int4),
                                                  pqxx::prepare::make_dynamic_params(rows));
    return answer.at(0).at(0).c_str();
}

RowTypes row_types(pqxx::transaction_base& transaction) {
    std::string names;
    for (const char* name : row_type_names)
        names += (names.empty() ? "" : ",") + std::string(name);
    const auto rows = transaction.exec_params(
        "SELECT t::regtype::oid FROM unnest(string_to_array($1, ',')) WITH ORDINALITY u(t, i)"
        " ORDER BY i",
        names);
    RowTypes types{};
    for (std::size_t i = 0; i < types.size(); ++i)
        types[i] = rows.at(static_cast<pqxx::result::size_type>(i))[0].as<std::uint32_t>();
    return types;
}

}  // namespace switchboard
