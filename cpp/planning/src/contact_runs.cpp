#include <algorithm>
#include <exoactor/planning/contact_runs.hpp>
#include <exoactor/planning/smoothing.hpp>

namespace exoactor {
namespace {

constexpr double kSwingMin_s = 0.13;
constexpr double kStanceMin_s = 0.10;
constexpr double kFlightMin_s = 0.3;
constexpr double kFlightClearance_m = 0.04;

/// Gives runs of `value` shorter than `shortest_s` the other value; the clip's ends stay.
void remove_short(ContactMatrix& contact, int side, int value, double shortest_s, double rate_hz) {
  const auto frames = static_cast<int>(contact.rows());
  for (const Run& run : runs_of(contact.col(side), value)) {
    if (run.first > 0 && run.end < frames && run.length() < shortest_s * rate_hz) {
      contact.col(side).segment(run.first, run.length()).setConstant(1 - value);
    }
  }
}

/// Height of the soles where they stand; 0 where they never do.
double floor_height(const ContactMatrix& contact, const BodyTrack& body) {
  std::vector<double> heights;
  for (int side : {kLeft, kRight}) {
    for (int t = 0; t < body.frames(); ++t) {
      if (contact(t, side)) heights.push_back(body.sole_height[side][t]);
    }
  }
  if (heights.empty()) return 0.0;
  return median_of(Eigen::Map<Eigen::VectorXd>(heights.data(), static_cast<int>(heights.size())));
}

}  // namespace

std::vector<Run> runs_of(const Eigen::VectorXi& column, int value) {
  std::vector<Run> runs;
  for (int t = 0; t < column.size(); ++t) {
    if (column[t] != value) continue;
    if (t == 0 || column[t - 1] != value) runs.push_back({t, t});
    runs.back().end = t + 1;
  }
  return runs;
}

std::vector<Run> airborne_runs(const ContactMatrix& contact) {
  return runs_of(contact.rowwise().maxCoeff(), 0);
}

ContactMatrix clean_contacts(const ContactMatrix& contact, const BodyTrack& body) {
  ContactMatrix clean = contact;
  for (int side : {kLeft, kRight}) {
    remove_short(clean, side, 0, kSwingMin_s, body.rate_hz);
    remove_short(clean, side, 1, kStanceMin_s, body.rate_hz);
  }
  const double floor = floor_height(clean, body);
  for (const Run& run : airborne_runs(clean)) {
    const auto left = body.sole_height[kLeft].segment(run.first, run.length());
    const auto right = body.sole_height[kRight].segment(run.first, run.length());
    const double clearance = left.cwiseMin(right).maxCoeff() - floor;
    if (run.length() >= kFlightMin_s * body.rate_hz && clearance > kFlightClearance_m) continue;
    const int lower = left.mean() <= right.mean() ? kLeft : kRight;
    clean.col(lower).segment(run.first, run.length()).setConstant(1);
  }
  return clean;
}

}  // namespace exoactor
