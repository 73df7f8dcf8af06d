# Writes OUTPUT, a source file that holds FILES (paths joined by |): see server/postgres/migrate.hpp.
# A raw string may not be longer than compilers must support, so each file is cut at empty lines.
string(REPLACE "|" ";" FILES "${FILES}")
set(rows "")
foreach(file ${FILES})
  get_filename_component(name ${file} NAME_WE)
  string(REGEX MATCH "^0*([1-9][0-9]*)_" found ${name})
  set(number ${CMAKE_MATCH_1})
  file(READ ${file} sql)
  string(REPLACE "\n\n" "\n)sql\"\n    R\"sql(\n" sql "${sql}")
  string(APPEND rows "    {${number}, \"${name}\",\n    R\"sql(${sql})sql\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"postgres/migrate.hpp\"\n
namespace switchboard {
namespace {\n
constexpr Migration embedded[] = {\n${rows}};\n
}  // namespace\n
std::span<const Migration> migrations() { return embedded; }\n
}  // namespace switchboard\n")
