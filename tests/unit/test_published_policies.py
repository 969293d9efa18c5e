"""Trained policies that others published: the loaders take them and their networks give targets."""

import numpy as np
import pytest
from published_models import HOLOSOMA_DANCING, HOLOSOMA_WALKING, unpack

from exoactor_rt.tracker import Network, Policy, check_golden
from exoactor_rt.tracker.golden import with_golden
from exoactor_rt.tracker.loaders import Origin, describe_network


@pytest.mark.parametrize(
    ("published", "kind", "width"),
    [(HOLOSOMA_WALKING, "velocity", 100), (HOLOSOMA_DANCING, "motion_tracker", 154)],
)
def test_holosoma_s_own_policies(published, kind, width, tmp_path):
    path = unpack(published, tmp_path)
    network = Network(path)
    origin = Origin(name="published", onnx_file=path.name, licence="Apache-2.0", source="holosoma")
    bundle = describe_network(network, origin)
    assert (bundle.kind, bundle.general) == (kind, False)
    assert bundle.ports.observation_width == width
    policy = Policy(with_golden(bundle, network), network)
    assert check_golden(policy) < 1e-6
    assert np.isfinite(np.array(policy.bundle.golden.target_rad)).all()
    wrong = network.metadata | {"dof_names": network.metadata["dof_names"].replace("knee", "nee")}
    network.metadata = wrong
    with pytest.raises(Exception, match=r"unknown .*_nee_joint|joint_names|policy refused"):
        Policy(describe_network(network, origin), network)
