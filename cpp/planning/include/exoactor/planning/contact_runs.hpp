#pragma once

#include <Eigen/Core>
#include <exoactor/planning/body_track.hpp>
#include <vector>

namespace exoactor {

/// [T, 2] 1 where the left, right foot stands.
using ContactMatrix = Eigen::Matrix<int, Eigen::Dynamic, 2, Eigen::RowMajor>;

/// Frames [first, end) in which a flag keeps its value.
struct Run {
  int first = 0;
  int end = 0;
  int length() const { return end - first; }
};

/// Runs of `column` equal to `value`.
std::vector<Run> runs_of(const Eigen::VectorXi& column, int value);

/// Frames in which neither foot stands.
std::vector<Run> airborne_runs(const ContactMatrix& contact);

/// Contacts without flicker: swings below 0.13 s are filled, stances below 0.10 s removed, and
/// where both feet are off for less than 0.3 s, or without leaving the ground, the lower one
/// stands. What is airborne afterwards is flight.
ContactMatrix clean_contacts(const ContactMatrix& contact, const BodyTrack& body);

}  // namespace exoactor
