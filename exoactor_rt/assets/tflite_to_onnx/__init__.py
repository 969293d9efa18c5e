"""TFLite flatbuffer -> ONNX: static shapes, NCHW inside, standard operators of opset 17 only."""

from exoactor_rt.assets.tflite_to_onnx.convert import convert

__all__ = ["convert"]
