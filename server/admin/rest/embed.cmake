# Writes OUTPUT, a source file that holds DOCUMENT: see server/admin/rest/document.hpp. A raw string
# may not be longer than compilers must support, so it is cut at each path and schema.
file(READ ${DOCUMENT} content)
string(REGEX REPLACE "\n    \"" "\n)json\"\n    R\"json(    \"" content "${content}")
file(WRITE ${OUTPUT} "#include \"admin/rest/document.hpp\"\n
namespace switchboard {\n
std::string_view document_text() {\n  return R\"json(${content})json\";\n}\n
}  // namespace switchboard\n")
