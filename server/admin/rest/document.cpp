#include "admin/rest/document.hpp"

#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <algorithm>
#include <cctype>

namespace switchboard {
namespace {

namespace json = boost::json;
using Adapter = valijson::adapters::BoostJsonAdapter;

std::vector<std::string> split(std::string_view path) {
    std::vector<std::string> segments;
    for (std::size_t from = 1; from <= path.size();) {
        const std::size_t end = std::min(path.find('/', from), path.size());
        segments.emplace_back(path.substr(from, end - from));
        from = end + 1;
    }
    return segments;
}

bool is_parameter(const std::string& segment) { return segment.starts_with('{'); }

// The object itself, or the one of the document's components that it refers to.
const json::object& resolve(const json::value& node, const json::object& components) {
    const auto* reference = node.as_object().if_contains("$ref");
    if (reference == nullptr) return node.as_object();
    const std::string_view name = reference->as_string();
    const std::string kind(name.substr(13, name.find('/', 13) - 13));  // after "#/components/"
    const std::string rest(name.substr(name.rfind('/') + 1));
    return components.at(kind).as_object().at(rest).as_object();
}

std::string type_of(const json::value& schema, const json::object& components) {
    const auto* type = resolve(schema, components).if_contains("type");
    return type != nullptr && type->is_string() ? std::string(type->as_string()) : "string";
}

// An object of exactly these properties.
struct Shape {
    json::object properties;
    json::array required;

    void add(const json::string& name, const json::value& schema, bool is_required) {
        properties[name] = schema;
        if (is_required) required.emplace_back(name);
    }
    json::object schema() const {
        json::object all{
            {"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
        if (!required.empty()) all["required"] = required;
        return all;
    }
};

// valijson names a place "<root>", "[body]", "[login]".
std::string pointer_of(const std::vector<std::string>& context) {
    std::string pointer;
    for (std::size_t i = 1; i < context.size(); ++i)
        pointer += '/' + context[i].substr(1, context[i].size() - 2);
    return pointer;
}

}  // namespace

struct Operation::Schema {
    valijson::Schema rules;
};

Operation::Operation(std::string path,
                     std::string method,
                     const json::object& operation,
                     const json::object& components)
    : path_(std::move(path)),
      method_(std::move(method)),
      id_(operation.at("operationId").as_string()),
      segments_(split(path_)),
      is_public_(operation.contains("security")),
      schema_(std::make_unique<Schema>()) {
    std::ranges::transform(method_, method_.begin(), [](unsigned char c) {
        return static_cast<char>(std::toupper(c));
    });
    Shape whole, in_path, in_query;
    if (const auto* parameters = operation.if_contains("parameters")) {
        for (const auto& each : parameters->as_array()) {
            const json::object& parameter = resolve(each, components);
            const auto& name = parameter.at("name").as_string();
            const auto& schema = parameter.at("schema");
            const std::string_view where = parameter.at("in").as_string();
            if (where == "header") headers_.emplace_back(name);
            if (where == "path") in_path.add(name, schema, true);
            if (where != "query") continue;
            in_query.add(name, schema, parameter.contains("required"));
            query_types_[name] = type_of(schema, components);
        }
    }
    whole.add("path", in_path.schema(), true);
    whole.add("query", in_query.schema(), true);
    if (const auto* body = operation.if_contains("requestBody")) {
        has_body_ = true;
        const auto& content = body->as_object().at("content").as_object();
        whole.add("body", content.at("application/json").as_object().at("schema"), true);
    }
    json::object schema = whole.schema();
    schema["components"] = components;  // what "$ref" leads to
    const json::value root = std::move(schema);
    valijson::SchemaParser parser;
    parser.populateSchema(Adapter(root), schema_->rules);
}

Operation::~Operation() = default;
Operation::Operation(Operation&&) noexcept = default;

bool Operation::takes(std::string_view header) const {
    return std::ranges::find(headers_, header) != headers_.end();
}

bool Operation::fits(std::string_view path, json::object& values) const {
    const auto asked = split(path);
    if (asked.size() != segments_.size()) return false;
    json::object found;
    for (std::size_t i = 0; i < asked.size(); ++i) {
        if (is_parameter(segments_[i])) {
            found[segments_[i].substr(1, segments_[i].size() - 2)] = asked[i];
        } else if (asked[i] != segments_[i]) {
            return false;
        }
    }
    values = std::move(found);
    return true;
}

json::value Operation::typed(std::string_view parameter, const std::string& text) const {
    const auto* type = query_types_.if_contains(parameter);
    if (type == nullptr) return json::value(text);
    const bool is_number = !text.empty() && text.size() < 19 &&
                           text.find_first_not_of("0123456789") == std::string::npos;
    if (*type == "integer" && is_number) return json::value(std::stoll(text));
    if (*type == "boolean" && (text == "true" || text == "false"))
        return json::value(text == "true");
    return json::value(text);
}

std::vector<Flaw> Operation::check(const json::value& request) const {
    thread_local valijson::Validator validator;  // it keeps the regular expressions it made
    valijson::ValidationResults results;
    std::vector<Flaw> flaws;
    if (validator.validate(schema_->rules, Adapter(request), &results)) return flaws;
    for (const auto& error : results)
        flaws.push_back({pointer_of(error.context), error.description});
    return flaws;
}

std::span<const Operation> operations() {
    static const std::vector<Operation> all = [] {
        const json::value document = json::parse(document_text());
        const auto& components = document.at("components").as_object();
        std::vector<Operation> found;
        for (const auto& [path, methods] : document.at("paths").as_object()) {
            for (const auto& [method, operation] : methods.as_object())
                found.emplace_back(path, method, operation.as_object(), components);
        }
        return found;
    }();
    return all;
}

}  // namespace switchboard
