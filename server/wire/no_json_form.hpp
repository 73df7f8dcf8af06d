#pragma once

#include <google/protobuf/descriptor.h>

#include <stdexcept>

namespace switchboard {

// A field of a kind that the schema does not have yet.
[[noreturn]] inline void no_json_form(const google::protobuf::FieldDescriptor& field) {
    throw std::logic_error("no JSON form for " + field.full_name());
}

}  // namespace switchboard
