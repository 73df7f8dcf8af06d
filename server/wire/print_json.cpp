#include "wire/print_json.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>

#include <array>
#include <charconv>
#include <chrono>

#include "wire/no_json_form.hpp"

namespace switchboard {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::Timestamp;

template <class Number>
void append_number(std::string& to, Number number) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    to.append(digits.data(), end);
}

void append_padded(std::string& to, std::int64_t number, int digits) {
    std::array<char, 20> text;
    for (int i = digits; i-- > 0; number /= 10)
        text[static_cast<std::size_t>(i)] = static_cast<char>('0' + number % 10);
    to.append(text.data(), static_cast<std::size_t>(digits));
}

void append_escaped(std::string& to, unsigned char c) {
    constexpr std::string_view hex = "0123456789abcdef";
    switch (c) {
        case '"':
        case '\\':
            to += '\\';
            to += static_cast<char>(c);
            return;
        case '\n':
            to += "\\n";
            return;
        case '\t':
            to += "\\t";
            return;
        default:
            to += "\\u00";
            to += hex[c >> 4];
            to += hex[c & 15];
    }
}

void append_string(std::string& to, std::string_view text) {
    to += '"';
    std::size_t plain = 0;  // start of what needs no escape
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        to.append(text, plain, i - plain);
        append_escaped(to, c);
        plain = i + 1;
    }
    to.append(text, plain, text.size() - plain);
    to += '"';
}

// "2026-03-01T09:00:05.250Z": as many groups of three digits as it needs.
void append_time(std::string& to, const Timestamp& time) {
    using namespace std::chrono;
    const sys_seconds at{seconds(time.seconds())};
    const auto day = floor<days>(at);
    const year_month_day date(day);
    const hh_mm_ss clock(at - day);
    to += '"';
    append_padded(to, static_cast<int>(date.year()), 4);
    to += '-';
    append_padded(to, static_cast<unsigned>(date.month()), 2);
    to += '-';
    append_padded(to, static_cast<unsigned>(date.day()), 2);
    to += 'T';
    append_padded(to, clock.hours().count(), 2);
    to += ':';
    append_padded(to, clock.minutes().count(), 2);
    to += ':';
    append_padded(to, clock.seconds().count(), 2);
    if (time.nanos() != 0) {
        to += '.';
        if (time.nanos() % 1'000'000 == 0) {
            append_padded(to, time.nanos() / 1'000'000, 3);
        } else if (time.nanos() % 1'000 == 0) {
            append_padded(to, time.nanos() / 1'000, 6);
        } else {
            append_padded(to, time.nanos(), 9);
        }
    }
    to += "Z\"";
}

void append_message(std::string& to, const Message& message) {
    if (message.GetDescriptor() == Timestamp::descriptor())
        return append_time(to, static_cast<const Timestamp&>(message));
    append_json(to, message);
}

// A field that occurs once.
void append_value(std::string& to, const Message& message, const FieldDescriptor& field) {
    const Reflection& reflection = *message.GetReflection();
    std::string none;
    switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_STRING:
            return append_string(to, reflection.GetStringReference(message, &field, &none));
        case FieldDescriptor::CPPTYPE_UINT32:
            return append_number(to, reflection.GetUInt32(message, &field));
        case FieldDescriptor::CPPTYPE_UINT64:  // more than a number of JavaScript can hold
            to += '"';
            append_number(to, reflection.GetUInt64(message, &field));
            to += '"';
            return;
        case FieldDescriptor::CPPTYPE_INT64:  // likewise
            to += '"';
            append_number(to, reflection.GetInt64(message, &field));
            to += '"';
            return;
        case FieldDescriptor::CPPTYPE_BOOL:
            to += reflection.GetBool(message, &field) ? "true" : "false";
            return;
        case FieldDescriptor::CPPTYPE_ENUM:
            return append_string(to, reflection.GetEnum(message, &field)->name());
        case FieldDescriptor::CPPTYPE_MESSAGE:
            return append_message(to, reflection.GetMessage(message, &field));
        default:
            no_json_form(field);
    }
}

void append_list(std::string& to, const Message& message, const FieldDescriptor& field) {
    const Reflection& reflection = *message.GetReflection();
    const bool is_text = field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
    if (!is_text && field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) no_json_form(field);
    const int size = reflection.FieldSize(message, &field);
    std::string none;
    to += '[';
    for (int i = 0; i < size; ++i) {
        if (i > 0) to += ',';
        if (is_text) {
            append_string(to, reflection.GetRepeatedStringReference(message, &field, i, &none));
        } else {
            append_message(to, reflection.GetRepeatedMessage(message, &field, i));
        }
    }
    to += ']';
}

// A map from strings.
void append_map(std::string& to, const Message& message, const FieldDescriptor& field) {
    const Reflection& reflection = *message.GetReflection();
    const FieldDescriptor& key = *field.message_type()->map_key();
    const FieldDescriptor& value = *field.message_type()->map_value();
    if (key.cpp_type() != FieldDescriptor::CPPTYPE_STRING) no_json_form(field);
    const int size = reflection.FieldSize(message, &field);
    to += '{';
    for (int i = 0; i < size; ++i) {
        if (i > 0) to += ',';
        const Message& pair = reflection.GetRepeatedMessage(message, &field, i);
        append_value(to, pair, key);
        to += ':';
        append_value(to, pair, value);
    }
    to += '}';
}

}  // namespace

void append_json(std::string& to, const Message& message) {
    const auto& type = *message.GetDescriptor();
    const Reflection& reflection = *message.GetReflection();
    char separator = '{';
    for (int i = 0; i < type.field_count(); ++i) {
        const FieldDescriptor& field = *type.field(i);
        const bool is_set = field.is_repeated() ? reflection.FieldSize(message, &field) > 0
                                                : reflection.HasField(message, &field);
        if (!is_set) continue;
        to += separator;
        separator = ',';
        to += '"';
        to += field.json_name();
        to += "\":";
        if (field.is_map()) {
            append_map(to, message, field);
        } else if (field.is_repeated()) {
            append_list(to, message, field);
        } else {
            append_value(to, message, field);
        }
    }
    if (separator == '{') to += '{';
    to += '}';
}

}  // namespace switchboard
