#include "wire/parse_json.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>

#include "wire/no_json_form.hpp"

namespace switchboard {
namespace {

namespace json = boost::json;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::Timestamp;

constexpr std::size_t depth_max = 16;  // the schema needs 7

bool parse_object(const json::object& object, Message& message);

// A whole number of 32 bits, also written as 1.0 or "1", as the mapping allows.
bool parse_number(const json::value& value, std::uint32_t& number) {
    if (const auto* text = value.if_string()) {
        const auto* end = text->data() + text->size();
        const auto [rest, ec] = std::from_chars(text->data(), end, number);
        return ec == std::errc() && rest == end;
    }
    if (const auto* real = value.if_double()) {
        number = static_cast<std::uint32_t>(*real >= 0 && *real <= 4294967295.0 ? *real : 0);
        return static_cast<double>(number) == *real;
    }
    const auto* whole = value.if_int64();
    number = static_cast<std::uint32_t>(whole != nullptr ? *whole : 0);
    return whole != nullptr && *whole == static_cast<std::int64_t>(number);
}

// Takes exactly so many digits off the front.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
    int number = 0;
    if (text.size() < digits) return std::nullopt;
    const auto* end = text.data() + digits;
    if (!std::all_of(text.data(), end, [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    std::from_chars(text.data(), end, number);
    text.remove_prefix(digits);
    return number;
}

// Two or four digits and what must stand before them.
std::optional<int> take_part(std::string_view& text, char before, std::size_t digits) {
    if (before != 0) {
        if (text.empty() || text.front() != before) return std::nullopt;
        text.remove_prefix(1);
    }
    return take_number(text, digits);
}

// What stands behind the seconds: nothing, or a point and up to nine digits.
std::optional<int> take_nanos(std::string_view& text) {
    if (text.empty() || text.front() != '.') return 0;
    text.remove_prefix(1);
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits < 1 || digits > 9) return std::nullopt;
    auto nanos = take_number(text, digits);
    for (auto i = digits; i < 9; ++i)
        *nanos *= 10;
    return nanos;
}

// "Z", or how far the clock there is ahead, "+01:00".
std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
    if (text == "Z") return std::chrono::minutes(0);
    if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
    const int sign = text.front() == '+' ? 1 : -1;
    text.remove_prefix(1);
    const auto hours = take_part(text, 0, 2);
    const auto minutes = take_part(text, ':', 2);
    if (!hours || !minutes || *hours > 23 || *minutes > 59 || !text.empty()) return std::nullopt;
    return std::chrono::minutes(sign * (*hours * 60 + *minutes));
}

// By RFC 3339: "2026-03-01T09:00:05.250Z".
bool parse_time(std::string_view text, Timestamp& time) {
    using namespace std::chrono;
    const auto year = take_part(text, 0, 4), month = take_part(text, '-', 2),
               day = take_part(text, '-', 2), hour = take_part(text, 'T', 2),
               minute = take_part(text, ':', 2), second = take_part(text, ':', 2);
    if (!year || !month || !day || !hour || !minute || !second) return false;
    const auto nanos = take_nanos(text);
    const auto offset = take_offset(text);
    const std::chrono::year_month_day date(std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day)));
    if (!nanos || !offset || !date.ok() || *year < 1) return false;
    if (*hour > 23 || *minute > 59 || *second > 59) return false;
    const auto at = sys_days(date) + hours(*hour) + minutes(*minute) - *offset + seconds(*second);
    time.set_seconds(at.time_since_epoch().count());
    time.set_nanos(*nanos);
    return true;
}

// By name or by number. A name of a later version is a value that is none of ours, so that nobody
// takes it for one that was not sent.
bool parse_enum(const json::value& value, Message& message, const FieldDescriptor& field) {
    const Reflection& reflection = *message.GetReflection();
    if (const auto* name = value.if_string()) {
        const auto* known = field.enum_type()->FindValueByName({name->data(), name->size()});
        reflection.SetEnumValue(&message, &field, known == nullptr ? -1 : known->number());
        return true;
    }
    std::uint32_t number = 0;
    if (!parse_number(value, number) || number > 0x7fffffff) return false;
    reflection.SetEnumValue(&message, &field, static_cast<int>(number));
    return true;
}

bool parse_message(const json::value& value, Message& message) {
    if (message.GetDescriptor() == Timestamp::descriptor()) {
        const auto* text = value.if_string();
        return text != nullptr && parse_time(*text, static_cast<Timestamp&>(message));
    }
    const auto* object = value.if_object();
    return object != nullptr && parse_object(*object, message);
}

bool parse_value(const json::value& value, Message& message, const FieldDescriptor& field) {
    const Reflection& reflection = *message.GetReflection();
    switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_STRING: {
            const auto* text = value.if_string();
            if (text == nullptr) return false;
            reflection.SetString(&message, &field, std::string(text->data(), text->size()));
            return true;
        }
        case FieldDescriptor::CPPTYPE_UINT32: {
            std::uint32_t number = 0;
            if (!parse_number(value, number)) return false;
            reflection.SetUInt32(&message, &field, number);
            return true;
        }
        case FieldDescriptor::CPPTYPE_ENUM:
            return parse_enum(value, message, field);
        case FieldDescriptor::CPPTYPE_BOOL: {
            const auto* flag = value.if_bool();
            if (flag == nullptr) return false;
            reflection.SetBool(&message, &field, *flag);
            return true;
        }
        case FieldDescriptor::CPPTYPE_MESSAGE:
            return parse_message(value, *reflection.MutableMessage(&message, &field));
        default:
            no_json_form(field);
    }
}

bool parse_list(const json::value& value, Message& message, const FieldDescriptor& field) {
    const Reflection& reflection = *message.GetReflection();
    const auto* list = value.if_array();
    if (list == nullptr) return false;
    for (const auto& each : *list) {
        if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
            const auto* text = each.if_string();
            if (text == nullptr) return false;
            reflection.AddString(&message, &field, std::string(text->data(), text->size()));
        } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
            if (!parse_message(each, *reflection.AddMessage(&message, &field))) return false;
        } else {
            no_json_form(field);
        }
    }
    return true;
}

// By its JSON name, or the one in the schema.
const FieldDescriptor* find_field(const Message& message, std::string_view name) {
    const auto& type = *message.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
        const auto* field = type.field(i);
        if (field->json_name() == name || field->name() == name) return field;
    }
    return nullptr;
}

bool parse_object(const json::object& object, Message& message) {
    const Reflection& reflection = *message.GetReflection();
    for (const auto& [name, value] : object) {
        const auto* field = find_field(message, name);
        if (field == nullptr || value.is_null()) continue;
        const auto* choice = field->real_containing_oneof();
        if (choice != nullptr && reflection.HasOneof(message, choice)) return false;
        const bool parsed = field->is_repeated() ? parse_list(value, message, *field)
                                                 : parse_value(value, message, *field);
        if (!parsed) return false;
    }
    return true;
}

}  // namespace

bool parse_json(std::string_view text, Message& message) {
    std::array<unsigned char, 4096> memory;
    json::monotonic_resource resource(memory.data(), memory.size());
    json::parse_options options;
    options.max_depth = depth_max;
    boost::system::error_code ec;
    const auto value = json::parse(text, ec, &resource, options);
    return !ec && value.is_object() && parse_object(value.get_object(), message);
}

}  // namespace switchboard
