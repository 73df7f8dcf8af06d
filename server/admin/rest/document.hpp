#pragma once

#include <boost/json.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "admin/rest/answer.hpp"

namespace switchboard {

// server/admin/rest/openapi.json, compiled in; served as it is at /v1/openapi.json.
std::string_view document_text();

// One operation of the document: how it is asked for, and what a request must be like.
class Operation {
public:
    Operation(std::string path,
              std::string method,
              const boost::json::object& operation,
              const boost::json::object& components);
    ~Operation();
    Operation(Operation&&) noexcept;
    Operation& operator=(Operation&&) = delete;

    const std::string& id() const { return id_; }
    const std::string& method() const { return method_; }  // "GET"
    const std::string& path() const { return path_; }      // "/v1/agents/{agent}"
    bool has_body() const { return has_body_; }
    bool is_public() const { return is_public_; }  // asks for no credential
    bool takes(std::string_view header) const;     // is this field a parameter?

    // True when `path` is asked for; its parameters go into `values` by name, as sent.
    bool fits(std::string_view path, boost::json::object& values) const;

    // A value of the query as the type that the document gives it: text that is no number where
    // one is wanted stays text, and is found wrong by check().
    boost::json::value typed(std::string_view parameter, const std::string& text) const;

    // What is wrong with {path, query, body}; nothing when the request is as the document says.
    // Any thread.
    std::vector<Flaw> check(const boost::json::value& request) const;

private:
    struct Schema;

    std::string path_;
    std::string method_;
    std::string id_;
    std::vector<std::string> segments_;
    std::vector<std::string> headers_;
    boost::json::object query_types_;  // "integer", "boolean" or "string" by name
    bool has_body_ = false;
    bool is_public_ = false;
    std::unique_ptr<Schema> schema_;
};

// The whole document, read once when it is first asked for. Throws what a bad document makes its
// readers throw.
std::span<const Operation> operations();

}  // namespace switchboard
