# quell_fuzz_NAME for each fuzz/targets/NAME.cpp, and the target quell_fuzzers, which is all of them. Not built by default.
if(NOT QUELL_FUZZERS)
  return()
endif()

file(GLOB FUZZ_SUPPORT_SOURCES CONFIGURE_DEPENDS fuzz/*.cpp)
file(GLOB FUZZ_TARGET_SOURCES CONFIGURE_DEPENDS fuzz/targets/*.cpp)

add_library(quell_fuzz_support OBJECT EXCLUDE_FROM_ALL ${FUZZ_SUPPORT_SOURCES})
target_link_libraries(quell_fuzz_support PUBLIC quell_engine)
target_include_directories(quell_fuzz_support PUBLIC ${PROJECT_SOURCE_DIR})
target_precompile_headers(quell_fuzz_support REUSE_FROM quell_engine)

add_custom_target(quell_fuzzers)
foreach(source IN LISTS FUZZ_TARGET_SOURCES)
  get_filename_component(name ${source} NAME_WE)
  add_quell_program(quell_fuzz_${name} ${source})
  set_target_properties(quell_fuzz_${name} PROPERTIES EXCLUDE_FROM_ALL ON)
  target_link_libraries(quell_fuzz_${name} PRIVATE quell_fuzz_support)
  target_link_options(quell_fuzz_${name} PRIVATE -fsanitize=fuzzer)
  add_dependencies(quell_fuzzers quell_fuzz_${name})
endforeach()
