# One room, one static library, one include directory: a header of a room that is not named in
# USES does not compile.
#
#   exoactor_room(retarget SOURCES a.cpp b.cpp USES types model LINKS pinocchio::pinocchio_default)
# HEAVY puts the room's compilations into a pool of one, so that a build stays below 4 GB.
set_property(GLOBAL PROPERTY JOB_POOLS heavy=1)

function(exoactor_room name)
  cmake_parse_arguments(ROOM "HEAVY" "" "SOURCES;USES;LINKS" ${ARGN})
  set(target exoactor_${name})
  if(ROOM_SOURCES)
    list(TRANSFORM ROOM_SOURCES PREPEND src/)
    add_library(${target} STATIC ${ROOM_SOURCES})
    set(scope PUBLIC)
    target_compile_options(${target} PRIVATE ${EXOACTOR_WARNINGS})
    if(ROOM_HEAVY)
      set_target_properties(${target} PROPERTIES JOB_POOL_COMPILE heavy)
    endif()
    target_link_libraries(${target} PRIVATE ${ROOM_LINKS})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} ${scope} include)
  target_link_libraries(${target} ${scope} Eigen3::Eigen)
  foreach(other ${ROOM_USES})
    target_link_libraries(${target} ${scope} exoactor_${other})
  endforeach()
endfunction()

set(EXOACTOR_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Werror)
