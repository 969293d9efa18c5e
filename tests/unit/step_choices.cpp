// Reads swings from standard input, a line each, and prints what is chosen for them.

#include <cstdio>
#include <exoactor/control/step_adjustment.hpp>
#include <iostream>

int main() {
  exoactor::SwingOutlook swing;
  while (std::cin >> swing.side >> swing.dcm.x() >> swing.dcm.y() >> swing.landing_dcm.x() >>
         swing.landing_dcm.y() >> swing.foothold.x() >> swing.foothold.y() >> swing.foot.x() >>
         swing.foot.y() >> swing.foot_velocity.x() >> swing.foot_velocity.y() >> swing.elapsed_s >>
         swing.remaining_s) {
    const exoactor::StepChoice choice = exoactor::choose_step(swing);
    std::printf("%.9f %.9f %.9f %.9f\n", choice.shift.x(), choice.shift.y(), choice.remaining_s,
                choice.leftover_m);
  }
}
