# Black-box chaos: real clients, a real server, a real PostgreSQL. In ./test each runs for a moment,
# in ./test chaos for as long as it takes: more than SWITCHBOARD_CHAOS_SECONDS of 60 asks for that.

# The program with the places where a test can stop it; what has none is shared.
set(stoppable main.cpp app/stop_points.cpp gateway/fan_out.cpp gateway/session.cpp
    postgres/commit/commit_session.cpp postgres/commit/stop_when_sent.cpp tenants/tenant.cpp)
list(TRANSFORM stoppable PREPEND ${PROJECT_SOURCE_DIR}/server/)
# The libraries have those by themselves, so that the program's own take their place.
set_source_files_properties(${stoppable} TARGET_DIRECTORY app PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
add_executable(switchboard_stoppable ${stoppable})
target_compile_definitions(switchboard_stoppable PRIVATE SWITCHBOARD_STOP_POINTS)
target_link_libraries(switchboard_stoppable PRIVATE app gateway CLI11::CLI11 PkgConfig::pqxx)
add_dependencies(smoke_tests switchboard_stoppable)

# Debian's Python, which has its modules for WebSocket and protobuf; 77: they are not installed.
foreach(script kill_rounds presence_bounds resume_cuts contact_centre_day races)
  add_test(NAME chaos.${script} COMMAND /usr/bin/python3
           ${CMAKE_CURRENT_SOURCE_DIR}/chaos/${script}.py --server $<TARGET_FILE:switchboard_stoppable>)
endforeach()
add_test(NAME chaos.mutants COMMAND Python3::Interpreter
         ${CMAKE_CURRENT_SOURCE_DIR}/mutants/run.py ${PROJECT_BINARY_DIR})
add_test(NAME chaos.races_rules COMMAND /usr/bin/python3  # what the races are judged by
         ${CMAKE_CURRENT_SOURCE_DIR}/chaos/races_rules_test.py)
set_tests_properties(chaos.kill_rounds chaos.presence_bounds chaos.resume_cuts
                     chaos.contact_centre_day chaos.races chaos.races_rules
                     PROPERTIES LABELS "smoke;chaos" TIMEOUT 86400 SKIP_RETURN_CODE 77)
# One at a time, but beside the pages' tests, which mostly wait; what is measured, alone.
set_tests_properties(chaos.kill_rounds chaos.resume_cuts chaos.contact_centre_day chaos.races
                     PROPERTIES RESOURCE_LOCK chaos)
set_tests_properties(chaos.presence_bounds PROPERTIES RUN_SERIAL TRUE)
set_tests_properties(chaos.mutants PROPERTIES LABELS mutants TIMEOUT 86400 RUN_SERIAL TRUE)
# The tests that must notice a mutant; those of the quick ones first.
add_dependencies(mutant_tests tenant_day domain_test engine_test)
add_dependencies(chaos_tests smoke_tests)
