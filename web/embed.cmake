# Writes OUTPUT, a source file that holds FILES (paths joined by |): see server/admin/pages.hpp. A
# page is found by its name alone, what it needs by folder and name.
# A raw string may not be longer than compilers must support, so each file is cut at empty lines.
string(REPLACE "|" ";" FILES "${FILES}")
set(type_of_html "text/html; charset=utf-8")
set(type_of_css "text/css; charset=utf-8")
set(type_of_js "text/javascript; charset=utf-8")
set(type_of_svg "image/svg+xml")
set(rows "")
foreach(file ${FILES})
  get_filename_component(name ${file} NAME)
  get_filename_component(ending ${file} LAST_EXT)
  get_filename_component(stem ${file} NAME_WLE)
  get_filename_component(folder ${file} DIRECTORY)
  get_filename_component(folder ${folder} NAME)
  string(SUBSTRING ${ending} 1 -1 ending)
  if(NOT DEFINED type_of_${ending})
    message(FATAL_ERROR "${file}: what is the media type of .${ending}?")
  endif()
  set(path "/${folder}/${name}")
  if(name STREQUAL "index.html")
    set(path "/")
  elseif(ending STREQUAL "html")
    set(path "/${stem}")
  endif()
  file(READ ${file} content)
  string(REPLACE "\n\n" "\n)page\"\n    R\"page(\n" content "${content}")
  string(APPEND rows "    {\"${path}\", \"${type_of_${ending}}\",\n    R\"page(${content})page\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"admin/pages.hpp\"\n
namespace switchboard {
namespace {\n
constexpr Page embedded[] = {\n${rows}};\n
}  // namespace\n
std::span<const Page> pages() { return embedded; }\n
}  // namespace switchboard\n")
