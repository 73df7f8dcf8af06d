#pragma once

#include <pqxx/pqxx>

#include <string>
#include <vector>

#include "domain/tenant_state.hpp"
#include "domain/text.hpp"

namespace switchboard {

// How values of the domain cross to SQL and back. The columns of a time are selected as
// microseconds since 1970, which SWITCHBOARD_MICROSECONDS writes; a double keeps them exactly until
// the year 2106, and takes a third of the time of extract().
#define SWITCHBOARD_MICROSECONDS(column) "(date_part('epoch', " column ") * 1e6)::bigint"

// A parameter in microseconds since 1970, as the time that it means.
#define SWITCHBOARD_TIME(parameter) \
    "(timestamptz 'epoch' + " parameter " * interval '1 microsecond')"

template <class Bits>
Bits to_bits(const pqxx::field& column) {  // a null is "none"
    Bits bits;
    if (const auto bytes = parse_uuid({column.c_str(), column.size()})) bits.bytes = *bytes;
    return bits;
}

template <class Number>
Number to_number(const pqxx::field& column) {  // a null is 0
    return column.is_null() ? Number() : column.as<Number>();
}

template <class Enum>
Enum to_enum(const pqxx::field& column) {
    return static_cast<Enum>(column.as<int>());
}

inline Time to_time(const pqxx::field& column) {
    return Time(Time::duration(column.as<std::int64_t>()));
}

inline std::optional<Time> to_optional_time(const pqxx::field& column) {
    if (column.is_null()) return std::nullopt;
    return to_time(column);
}

inline std::string to_text(const pqxx::field& column) { return {column.c_str(), column.size()}; }

// The elements of a text[] that are not null.
inline std::vector<std::string> to_texts(const pqxx::field& column) {
    std::vector<std::string> texts;
    auto parser = column.as_array();
    for (auto [what, text] = parser.get_next(); what != pqxx::array_parser::done;
         std::tie(what, text) = parser.get_next()) {
        if (what == pqxx::array_parser::string_value) texts.push_back(std::move(text));
    }
    return texts;
}

inline std::int64_t to_microseconds(Time time) { return time.time_since_epoch().count(); }

// A row of: client message id, kind and id of the sender, content hash, public id of the
// conversation, pos, seq, time.
inline SentMessage to_sent_message(const pqxx::row& row) {
    return {to_bits<ClientMessageId>(row[0]),
            {to_enum<PersonKind>(row[1]), row[2].as<std::int64_t>()},
            row[3].as<std::int64_t>(),
            to_bits<PublicId>(row[4]),
            row[5].as<Pos>(),
            row[6].as<Seq>(),
            to_time(row[7])};
}

// A row of: number, public id, number, public id and name of the visitor, kind and number of who
// blocked, reason, time, end.
inline Block to_block(const pqxx::row& row) {
    Block block;
    block.id.value = row[0].as<std::int64_t>();
    block.public_id = to_bits<PublicId>(row[1]);
    block.visitor.value = row[2].as<std::int64_t>();
    block.visitor_public_id = to_bits<PublicId>(row[3]);
    block.visitor_name = to_text(row[4]);
    block.by = {to_enum<PersonKind>(row[5]), row[6].as<std::int64_t>()};
    block.reason = to_text(row[7]);
    block.at = to_time(row[8]);
    block.expires_at = to_optional_time(row[9]);
    return block;
}

// An array of uuids, as the literal that a parameter takes.
template <class Bits>
std::string to_uuid_array(const std::vector<Bits>& ids) {
    std::string literal = "{";
    for (const auto& id : ids) {
        if (literal.size() > 1) literal += ',';
        literal += to_text(id);
    }
    return literal + '}';
}

}  // namespace switchboard
