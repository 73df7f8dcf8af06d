# How a test is entered. Its label says which stage of ./test runs it; the target <label>_tests
# builds what that stage needs and nothing else.
include(GoogleTest)

foreach(label unit simulation conformance integration contract smoke mutant chaos fuzz bench)
  add_custom_target(${label}_tests)
endforeach()

# switchboard_test(<label> <name> LINK <libraries> SOURCES <files>)
function(switchboard_test label name)
  cmake_parse_arguments(ARG "" "" "LINK;SOURCES" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  add_dependencies(${label}_tests ${name})
  if(label STREQUAL chaos)
    add_dependencies(smoke_tests ${name})
  endif()
  target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})  # "support/…"
  target_link_libraries(${name} PRIVATE ${ARG_LINK} GTest::gmock GTest::gtest_main)
  if(label STREQUAL simulation)  # thousands of seeds: one process, not one per seed
    target_compile_options(${name} PRIVATE -O2)
    add_test(NAME ${label}.${name} COMMAND ${name} --gtest_brief=1)
    set_tests_properties(${label}.${name} PROPERTIES LABELS ${label} TIMEOUT 600)
  elseif(label MATCHES "chaos|bench")  # as long as its environment says, and alone
    add_test(NAME ${label}.${name} COMMAND ${name})
    set_tests_properties(${label}.${name} PROPERTIES LABELS ${label} TIMEOUT 86400 RUN_SERIAL TRUE)
    if(label STREQUAL chaos)  # a short one is part of ./test
      set_property(TEST ${label}.${name} APPEND PROPERTY LABELS smoke)
    endif()
  elseif(label STREQUAL unit AND SANITIZE)  # a process of theirs takes 0.3 s to begin
    add_test(NAME ${label}.${name} COMMAND ${name} --gtest_brief=1)
    set_tests_properties(${label}.${name} PROPERTIES LABELS ${label} TIMEOUT 300)
  else()
    gtest_discover_tests(${name} TEST_PREFIX "${label}." DISCOVERY_TIMEOUT 60
                         PROPERTIES LABELS ${label} TIMEOUT 60)
  endif()
endfunction()

# switchboard_fuzz(<name> LINK <libraries> SOURCES <files>): preset fuzz only. It starts from
# tests/fuzz/corpus/<name>/ and runs for SWITCHBOARD_FUZZ_SECONDS, 60 unless set; what it finds on
# the way stays in the build folder.
function(switchboard_fuzz name)
  if(NOT SANITIZE MATCHES fuzzer)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "LINK;SOURCES" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  add_dependencies(fuzz_tests ${name})
  target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_LINK})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  set(found ${CMAKE_CURRENT_BINARY_DIR}/corpus/${name})
  file(MAKE_DIRECTORY ${found})
  add_test(NAME fuzz.${name} COMMAND sh -c
           "exec \"$@\" -max_total_time=\"\${SWITCHBOARD_FUZZ_SECONDS:-60}\"" sh
           $<TARGET_FILE:${name}> -artifact_prefix=${found}- ${found}
           ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/${name})
  set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz TIMEOUT 86400)
endfunction()

# switchboard_lint(<name> <command>…): 77 means that its tool is not installed; the case is skipped.
function(switchboard_lint name)
  add_test(NAME lint.${name} COMMAND ${ARGN} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(lint.${name} PROPERTIES LABELS lint SKIP_RETURN_CODE 77 TIMEOUT 1800)
endfunction()
