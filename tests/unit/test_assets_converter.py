"""Each operator handler of the TFLite converter against a plain NumPy reference."""

from types import SimpleNamespace

import numpy as np
import onnxruntime
import pytest
import tflite

from exoactor_rt.assets.tflite_to_onnx.convert import convert, convert_graph
from exoactor_rt.assets.tflite_to_onnx.flatbuffer import Graph, Operator, Tensor
from exoactor_rt.errors import AssetError

RNG = np.random.default_rng(3)
SAME, VALID = tflite.Padding.SAME, tflite.Padding.VALID


def options(**values):
    """Stands in for a flatbuffer options table: each value behind a method."""
    return SimpleNamespace(**{name: (lambda v=value: v) for name, value in values.items()})


def random(*shape):
    return RNG.normal(size=shape).astype(np.float32)


def run(kind, image, constants, output_shape, **option_values):
    """Converts and runs a graph of one operator; the image is NHWC."""
    tensors = [Tensor("image", image.shape, None)]
    tensors += [Tensor(f"c{i}", np.shape(c), np.asarray(c)) for i, c in enumerate(constants)]
    tensors.append(Tensor("result", tuple(output_shape), None))
    last = len(tensors) - 1
    operator = Operator(kind, tuple(range(last)), (last,), options(**option_values))
    graph = Graph(tuple(tensors), (operator,), (0,), (last,))
    return execute(graph, image)


def execute(graph, image):
    model = convert_graph(graph, "test", {"out": "result"})
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return session.run(["out"], {"input": np.ascontiguousarray(image.transpose(0, 3, 1, 2))})[0]


def correlate(image, kernel, stride, pads):
    """NHWC convolution of one channel group, kernel [kh, kw, in, out]."""
    (top, bottom), (left, right) = pads
    padded = np.pad(image[0], ((top, bottom), (left, right), (0, 0)))
    kh, kw = kernel.shape[:2]
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(0, 1))
    return np.einsum("yxcij,ijco->yxo", windows[::stride, ::stride], kernel)[None]


def convolution_options(stride, padding, activation=0, **more):
    return {
        "StrideH": stride,
        "StrideW": stride,
        "DilationHFactor": 1,
        "DilationWFactor": 1,
        "Padding": padding,
        "FusedActivationFunction": activation,
        **more,
    }


def test_convolution_same_padding_puts_the_odd_pixel_last():
    image, weights, bias = random(1, 6, 6, 3), random(4, 3, 3, 3), random(4)
    result = run("CONV_2D", image, [weights, bias], (1, 3, 3, 4), **convolution_options(2, SAME, 1))
    expected = correlate(image, weights.transpose(1, 2, 3, 0), 2, ((0, 1), (0, 1))) + bias
    np.testing.assert_allclose(result, np.maximum(expected, 0), atol=1e-5)


def test_convolution_takes_half_precision_weights():
    image, weights = random(1, 4, 4, 2), random(3, 2, 2, 2).astype(np.float16)
    result = run("CONV_2D", image, [weights], (1, 3, 3, 3), **convolution_options(1, VALID))
    expected = correlate(
        image, weights.astype(np.float32).transpose(1, 2, 3, 0), 1, ((0, 0), (0, 0))
    )
    np.testing.assert_allclose(result, expected, atol=1e-5)


def test_depthwise_convolution_and_relu6():
    image, weights, bias = 5 * random(1, 5, 5, 3), random(1, 3, 3, 3), random(3)
    result = run(
        "DEPTHWISE_CONV_2D",
        image,
        [weights, bias],
        (1, 5, 5, 3),
        **convolution_options(1, SAME, 3, DepthMultiplier=1),
    )
    kernel = np.zeros((3, 3, 3, 3), np.float32)
    for channel in range(3):
        kernel[:, :, channel, channel] = weights[0, :, :, channel]
    expected = np.clip(correlate(image, kernel, 1, ((1, 1), (1, 1))) + bias, 0, 6)
    np.testing.assert_allclose(result, expected, atol=1e-4)


def test_max_pool():
    image = random(1, 4, 6, 2)
    result = run(
        "MAX_POOL_2D",
        image,
        [],
        (1, 2, 3, 2),
        StrideH=2,
        StrideW=2,
        FilterHeight=2,
        FilterWidth=2,
        Padding=VALID,
        FusedActivationFunction=0,
    )
    np.testing.assert_array_equal(result, image.reshape(1, 2, 2, 3, 2, 2).max(axis=(2, 4)))


def test_pad():
    image = random(1, 2, 3, 2)
    amounts = np.array([[0, 0], [1, 2], [0, 1], [0, 3]], np.int32)
    result = run("PAD", image, [amounts], (1, 5, 4, 5))
    np.testing.assert_array_equal(result, np.pad(image, amounts))


@pytest.mark.parametrize("keep", [True, False])
def test_mean_over_the_image(keep):
    image = random(1, 4, 3, 5)
    shape = (1, 1, 1, 5) if keep else (1, 5)
    result = run("MEAN", image, [np.array([1, 2], np.int32)], shape, KeepDims=keep)
    np.testing.assert_allclose(result, image.mean(axis=(1, 2), keepdims=keep), atol=1e-6)


def test_fully_connected_reads_the_image_in_tflite_order():
    image, weights, bias = random(1, 2, 3, 2), random(4, 12), random(4)
    result = run("FULLY_CONNECTED", image, [weights, bias], (1, 4), FusedActivationFunction=0)
    np.testing.assert_allclose(result, image.reshape(1, 12) @ weights.T + bias, atol=1e-5)


@pytest.mark.parametrize("addend_shape", [(1, 3, 2, 4), (4,)])
def test_add_a_constant(addend_shape):
    image, addend = random(1, 3, 2, 4), random(*addend_shape)
    result = run("ADD", image, [addend], image.shape, FusedActivationFunction=0)
    np.testing.assert_allclose(result, image + addend, atol=1e-6)


def test_prelu_and_logistic():
    image, slope = random(1, 3, 2, 4), random(1, 1, 4)
    np.testing.assert_allclose(
        run("PRELU", image, [slope], image.shape), np.where(image > 0, image, image * slope)
    )
    np.testing.assert_allclose(
        run("LOGISTIC", image, [], image.shape), 1 / (1 + np.exp(-image)), atol=1e-6
    )


def test_resize_bilinear_half_pixel_keeps_a_ramp():
    ramp = np.arange(8, dtype=np.float32).reshape(1, 1, 8, 1).repeat(4, axis=1)
    result = run(
        "RESIZE_BILINEAR",
        ramp,
        [np.array([8, 16], np.int32)],
        (1, 8, 16, 1),
        AlignCorners=False,
        HalfPixelCenters=True,
    )
    np.testing.assert_allclose(result[0, 3, 1:-1, 0], np.arange(0.25, 7, 0.5), atol=1e-6)


def test_depth_to_space():
    image = random(1, 2, 3, 8)
    result = run("DEPTH_TO_SPACE", image, [], (1, 4, 6, 2), BlockSize=2)
    expected = image.reshape(1, 2, 3, 2, 2, 2).transpose(0, 1, 3, 2, 4, 5).reshape(1, 4, 6, 2)
    np.testing.assert_array_equal(result, expected)


def test_reshape_keeps_tflite_order():
    image = random(1, 2, 3, 4)
    result = run("RESHAPE", image, [np.array([1, 6, 4], np.int32)], (1, 6, 4))
    np.testing.assert_array_equal(result, image.reshape(1, 6, 4))


def test_concatenation_of_images():
    image = random(1, 2, 3, 4)
    tensors = (Tensor("image", image.shape, None), Tensor("result", (1, 2, 3, 8), None))
    operator = Operator("CONCATENATION", (0, 0), (1,), options(Axis=-1))
    result = execute(Graph(tensors, (operator,), (0,), (1,)), image)
    np.testing.assert_array_equal(result, np.concatenate([image, image], axis=3))


def test_strided_slice_with_masks():
    image = random(1, 6, 6, 4)
    bounds = [np.array(v, np.int32) for v in ([0, 0, 1, 2], [0, 0, 5, 0], [1, 2, 2, 1])]
    result = run(
        "STRIDED_SLICE",
        image,
        bounds,
        (1, 3, 2, 2),
        BeginMask=0b0011,
        EndMask=0b1011,
        ShrinkAxisMask=0,
    )
    np.testing.assert_array_equal(result, image[:, ::2, 1:5:2, 2:])


def test_weights_folded_from_half_precision():
    image, addend = random(1, 2, 2, 3), random(1, 2, 2, 3).astype(np.float16)
    tensors = (
        Tensor("image", image.shape, None),
        Tensor("half", addend.shape, addend),
        Tensor("full", addend.shape, None),
        Tensor("result", image.shape, None),
    )
    operators = (
        Operator("DEQUANTIZE", (1,), (2,), None),
        Operator("ADD", (0, 2), (3,), options(FusedActivationFunction=0)),
    )
    result = execute(Graph(tensors, operators, (0,), (3,)), image)
    np.testing.assert_allclose(result, image + addend.astype(np.float32), atol=1e-6)


def test_what_no_output_needs_is_left_out():
    image = random(1, 2, 2, 3)
    tensors = tuple(Tensor(name, image.shape, None) for name in ("image", "result", "unused"))
    operators = (Operator("LOGISTIC", (0,), (1,), None), Operator("EXOTIC", (0,), (2,), None))
    model = convert_graph(Graph(tensors, operators, (0,), (1, 2)), "test", {"out": "result"})
    assert "Sigmoid" in {node.op_type for node in model.graph.node}
    assert [output.name for output in model.graph.output] == ["out"]


def test_unknown_operator_and_missing_output_are_named():
    image = random(1, 2, 2, 3)
    with pytest.raises(AssetError, match=r"model test: operator EXOTIC is not supported"):
        run("EXOTIC", image, [], image.shape)
    graph = Graph((Tensor("image", image.shape, None),), (), (0,), (0,))
    with pytest.raises(AssetError, match=r"no output \['heat'\], has \['image'\]"):
        convert_graph(graph, "test", {"out": "heat"})


@pytest.mark.parametrize("data", [b"", b"not a model", b"\x1c\x00\x00\x00TFL3" + bytes(40)])
def test_damaged_files_are_asset_errors(data):
    with pytest.raises(AssetError, match="model broken"):
        convert(data, "broken", {"out": "x"})
