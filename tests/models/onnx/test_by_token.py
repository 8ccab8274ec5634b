"""Matrices in 8 bits with one scale for each token."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from models.embedding import minilm
from models.onnx import by_token, session

WIDTH, OUTPUTS, TOKENS = 128, 64, 9
Floats = NDArray[np.float32]


@pytest.fixture
def matrices() -> tuple[Floats, Floats]:
    chance = np.random.default_rng(7)
    first, second = (chance.normal(size=(OUTPUTS, WIDTH)).astype(np.float32) for _ in range(2))
    return first, second


@pytest.fixture
def file(matrices: tuple[Floats, Floats], tmp_path: Path) -> Path:
    """Return a model that multiplies `numbers` with both matrices and adds the results."""
    nodes, stored = [], []
    for name, matrix in zip(("first", "second"), matrices, strict=True):
        codes, scales = minilm.quantised(matrix, 32)
        sizes: dict[str, Any] = {**minilm.sizes(matrix, 32)}
        stored += [numpy_helper.from_array(codes, f"{name}.codes"),
                   numpy_helper.from_array(scales, f"{name}.block_scales")]
        nodes.append(helper.make_node(
            "MatMulNBits", ["numbers", f"{name}.codes", f"{name}.block_scales"], [f"{name}.out"], name,
            domain="com.microsoft", **sizes))
    nodes.append(helper.make_node("Add", ["first.out", "second.out"], ["answer"]))
    graph = helper.make_graph(
        nodes, "graph", [helper.make_tensor_value_info("numbers", TensorProto.FLOAT, [1, "token", WIDTH])],
        [helper.make_tensor_value_info("answer", TensorProto.FLOAT, [1, "token", OUTPUTS])], stored)
    model = helper.make_model(graph, ir_version=by_token.IR_VERSION, opset_imports=[
        helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)])
    path = tmp_path / "model.onnx"
    onnx.save(model, str(path))
    return path


@pytest.fixture
def numbers() -> Floats:
    """Return tokens whose fourth number is far larger than all others, and whose last token is nothing."""
    values = np.random.default_rng(8).normal(size=(1, TOKENS, WIDTH)).astype(np.float32)
    values[..., 3] *= 60
    values[:, -1] = 0
    return values


def _peaks(tmp_path: Path, *arrays: Floats) -> Path:
    path = tmp_path / "peaks.npy"
    np.save(path, np.concatenate(arrays).astype(np.float16))
    return path


def _answer(model: bytes, numbers: Floats) -> Floats:
    (answer,) = session.session(model, 1).run(None, {"numbers": numbers})
    result: Floats = answer
    return result


def test_the_rewritten_model_answers_as_one_in_32_bits(
    file: Path, matrices: tuple[Floats, Floats], numbers: Floats, tmp_path: Path
) -> None:
    if not by_token.exact():
        pytest.skip("this processor cuts sums of 8 bits, so that the model is not rewritten here")
    model = by_token.by_token(file, _peaks(tmp_path, np.abs(numbers).max(axis=(0, 1))))
    right = numbers @ (matrices[0] + matrices[1]).T
    answer = _answer(model, numbers)
    assert np.abs(answer - right).max() < 0.02 * np.abs(right).max()
    uneven = by_token.by_token(file, _peaks(tmp_path, np.ones(WIDTH, np.float32)))
    assert np.abs(answer - right).mean() < np.abs(_answer(uneven, numbers) - right).mean()
    np.testing.assert_array_equal(answer[:, -1], 0)


def test_many_numbers_have_several_scales(
    file: Path, matrices: tuple[Floats, Floats], numbers: Floats, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch
) -> None:
    if not by_token.exact():
        pytest.skip("this processor cuts sums of 8 bits, so that the model is not rewritten here")
    peaks = _peaks(tmp_path, np.ones(WIDTH, np.float32))
    right = numbers @ (matrices[0] + matrices[1]).T
    one_scale = np.abs(_answer(by_token.by_token(file, peaks), numbers) - right).mean()
    monkeypatch.setattr(by_token, "GROUP", WIDTH // 4)
    grouped = by_token.by_token(file, peaks)
    assert [node.op_type for node in onnx.load_from_string(grouped).graph.node].count("MatMulInteger") == 8
    # What is far larger than the rest spoils the scale of one group alone.
    assert np.abs(_answer(grouped, numbers) - right).mean() < one_scale / 1.5


def test_a_token_is_multiplied_alike_whatever_stands_beside_it(
    file: Path, numbers: Floats, tmp_path: Path
) -> None:
    model = by_token.by_token(file, _peaks(tmp_path, np.abs(numbers).max(axis=(0, 1))))
    beside = np.concatenate([numbers, numbers * 1000], axis=1)
    np.testing.assert_array_equal(_answer(model, numbers), _answer(model, beside)[:, :TOKENS])


def test_matrices_with_one_input_share_its_codes(file: Path, numbers: Floats, tmp_path: Path) -> None:
    model = onnx.load_from_string(by_token.by_token(file, _peaks(tmp_path, np.ones(WIDTH, np.float32))))
    kinds = [node.op_type for node in model.graph.node]
    assert kinds.count("ReduceMax") == 1
    assert kinds.count("MatMulInteger") == 2
    assert "MatMulNBits" not in kinds


def test_peaks_of_another_model_are_refused(file: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="tells of 256 numbers"):
        by_token.by_token(file, _peaks(tmp_path, np.ones(WIDTH, np.float32), np.ones(WIDTH, np.float32)))
