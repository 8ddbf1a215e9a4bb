# Arrow C++ and libparquet as they ship inside the pyarrow wheel: the target `arrow`.
set(QUELL_ARROW_SOVERSION 2500)

if(NOT QUELL_PYTHON)
  if(SKBUILD)
    find_package(Python REQUIRED COMPONENTS Interpreter)
    set(found_python ${Python_EXECUTABLE})
  else()
    set(found_python ${PROJECT_SOURCE_DIR}/.venv/bin/python)
  endif()
  set(QUELL_PYTHON ${found_python} CACHE FILEPATH "the Python interpreter that has pyarrow" FORCE)
endif()
execute_process(
  COMMAND ${QUELL_PYTHON} -c "import pyarrow; print(pyarrow.get_include(), pyarrow.get_library_dirs()[0], pyarrow.__version__, sep='\\n', end='')"
  OUTPUT_VARIABLE pyarrow_paths
  RESULT_VARIABLE pyarrow_result
  ERROR_QUIET)
if(NOT pyarrow_result EQUAL 0)
  message(FATAL_ERROR "no pyarrow in ${QUELL_PYTHON}: run ./dev setup, or give -DQUELL_PYTHON=<python with pyarrow>")
endif()
string(REPLACE "\n" ";" pyarrow_paths "${pyarrow_paths}")
list(GET pyarrow_paths 0 ARROW_INCLUDE_DIR)
list(GET pyarrow_paths 1 ARROW_LIBRARY_DIR)
list(GET pyarrow_paths 2 ARROW_VERSION)
if(NOT EXISTS ${ARROW_LIBRARY_DIR}/libarrow.so.${QUELL_ARROW_SOVERSION})
  message(FATAL_ERROR "${ARROW_LIBRARY_DIR} has no libarrow.so.${QUELL_ARROW_SOVERSION}: the pin in dependencies/engine.txt and QUELL_ARROW_SOVERSION differ")
endif()

# Seen through a link in the build folder, so that its path is the same for the compiler cache in every clone.
file(CREATE_LINK ${ARROW_INCLUDE_DIR} ${PROJECT_BINARY_DIR}/arrow_include SYMBOLIC)

add_library(arrow INTERFACE)
target_include_directories(arrow SYSTEM INTERFACE ${PROJECT_BINARY_DIR}/arrow_include)
target_link_directories(arrow INTERFACE ${ARROW_LIBRARY_DIR})
target_link_libraries(arrow INTERFACE
  -l:libarrow.so.${QUELL_ARROW_SOVERSION}
  -l:libparquet.so.${QUELL_ARROW_SOVERSION}
  -l:libarrow_compute.so.${QUELL_ARROW_SOVERSION})
# The wheel's libraries carry their own dependencies inside.
target_link_options(arrow INTERFACE -Wl,--allow-shlib-undefined)

# A relative path first, so that a tree can be moved together with its environment.
if(SKBUILD)
  set(CMAKE_INSTALL_RPATH $ORIGIN/../pyarrow)
else()
  file(RELATIVE_PATH arrow_from_build ${PROJECT_BINARY_DIR} ${ARROW_LIBRARY_DIR})
  set(CMAKE_BUILD_RPATH $ORIGIN/${arrow_from_build} ${ARROW_LIBRARY_DIR})
endif()
