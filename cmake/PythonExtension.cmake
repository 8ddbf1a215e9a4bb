# quell._engine: the engine as a Python extension (nanobind). Built by `pip install .`, and by the release
# preset into python/quell, where `.venv` sees it.
if(NOT EXTENSION_SOURCES OR (NOT SKBUILD AND NOT QUELL_EXTENSION))
  return()
endif()
set(Python_EXECUTABLE ${QUELL_PYTHON})
find_package(Python 3.11 REQUIRED COMPONENTS Interpreter Development.Module)
execute_process(
  COMMAND ${QUELL_PYTHON} -m nanobind --cmake_dir
  OUTPUT_VARIABLE nanobind_ROOT
  OUTPUT_STRIP_TRAILING_WHITESPACE
  COMMAND_ERROR_IS_FATAL ANY)
find_package(nanobind CONFIG REQUIRED)

nanobind_add_module(_engine NB_STATIC NOMINSIZE ${EXTENSION_SOURCES})
target_link_libraries(_engine PRIVATE quell_engine)
if(SKBUILD)
  install(TARGETS _engine LIBRARY DESTINATION quell)
  # The package brings the main job along.
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/jobs/ DESTINATION quell/jobs)
else()
  file(RELATIVE_PATH arrow_from_package ${PROJECT_SOURCE_DIR}/python/quell ${ARROW_LIBRARY_DIR})
  set_target_properties(_engine PROPERTIES
    LIBRARY_OUTPUT_DIRECTORY ${PROJECT_SOURCE_DIR}/python/quell
    BUILD_RPATH "$ORIGIN/${arrow_from_package};${ARROW_LIBRARY_DIR}")
endif()
