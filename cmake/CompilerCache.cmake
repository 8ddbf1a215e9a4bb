# ccache where it is found. The settings make precompiled headers cacheable and let all clones share one cache; clang's
# headers are known by their path, so that its objects are found again in the same folder alone.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}
      CCACHE_NOHASHDIR=1
      CCACHE_PCH_EXTSUM=1
      ${CCACHE_PROGRAM})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-fpch-preprocess)
  else()
    add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
  endif()
endif()

# Tells ccache what the precompiled header of `target` is made from. Compiling the same header twice gives different bytes,
# so by its bytes no two clones would share anything. ARGN: the headers and the versions of what they come from.
function(set_precompiled_header_sum target)
  string(SHA256 sum "${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION} ${ARGN}")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    set(extension gch)
  else()
    set(extension pch)
  endif()
  file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${target}.dir/cmake_pch.hxx.${extension}.sum ${sum})
endfunction()
