#include "wire/parse_json.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <array>
#include <charconv>
#include <stdexcept>

namespace switchboard {
namespace {

namespace json = boost::json;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr std::size_t depth_max = 16;  // the schema needs 7

[[noreturn]] void unknown_kind(const FieldDescriptor& field) {
    throw std::logic_error("no JSON form for " + field.full_name());
}

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

// By name or by number. A name of a later version is the default, as if it had not been sent.
bool parse_enum(const json::value& value, Message& message, const FieldDescriptor& field) {
    const Reflection& reflection = *message.GetReflection();
    if (const auto* name = value.if_string()) {
        const auto* known = field.enum_type()->FindValueByName({name->data(), name->size()});
        if (known != nullptr) reflection.SetEnum(&message, &field, known);
        return true;
    }
    std::uint32_t number = 0;
    if (!parse_number(value, number) || number > 0x7fffffff) return false;
    reflection.SetEnumValue(&message, &field, static_cast<int>(number));
    return true;
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
        case FieldDescriptor::CPPTYPE_MESSAGE: {
            const auto* object = value.if_object();
            return object != nullptr &&
                   parse_object(*object, *reflection.MutableMessage(&message, &field));
        }
        default:
            unknown_kind(field);
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
            const auto* object = each.if_object();
            if (object == nullptr) return false;
            if (!parse_object(*object, *reflection.AddMessage(&message, &field))) return false;
        } else {
            unknown_kind(field);
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
