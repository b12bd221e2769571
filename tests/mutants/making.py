"""Mutants of a file: one small mistake each, by the operators of cosmic-ray and two of our own.

Left out, since they say nothing of a rule: annotations and the arguments of decorators (shapes,
which mypy and the stored-shape tests hold), identity for equality, and exchanges of one arithmetic
operator for an arbitrary other one (``+`` for ``<<``). Texts are not mutated.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.operators.operator import Operator
from cosmic_ray.operators.provider import OperatorProvider
from parso.python import tree as syntax
from parso.tree import BaseNode, NodeOrLeaf

FROM_COSMIC_RAY = (
    "AddNot",
    "NumberReplacer",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceBinaryOperator_Add_Sub",
    "ReplaceBinaryOperator_Sub_Add",
    "ReplaceBinaryOperator_Mul_Div",
    "ReplaceBinaryOperator_Div_Mul",
    "ReplaceBinaryOperator_FloorDiv_Mul",
    "ReplaceBinaryOperator_Mod_FloorDiv",
    "ReplaceBinaryOperator_BitOr_BitAnd",
    "ReplaceBinaryOperator_BitAnd_BitOr",
    "ReplaceComparisonOperator_Eq_NotEq",
    "ReplaceComparisonOperator_NotEq_Eq",
    "ReplaceComparisonOperator_Is_IsNot",
    "ReplaceComparisonOperator_IsNot_Is",
    "ReplaceComparisonOperator_Lt_LtE",
    "ReplaceComparisonOperator_Lt_GtE",
    "ReplaceComparisonOperator_LtE_Lt",
    "ReplaceComparisonOperator_LtE_Gt",
    "ReplaceComparisonOperator_Gt_GtE",
    "ReplaceComparisonOperator_Gt_LtE",
    "ReplaceComparisonOperator_GtE_Gt",
    "ReplaceComparisonOperator_GtE_Lt",
    "ReplaceUnaryOperator_Delete_Not",
    "ReplaceUnaryOperator_Delete_USub",
    "ZeroIterationForLoop",
)


class RemoveStatement(Operator):
    """A guard, an effect or an assignment to something that outlives the function is not made."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[tuple[object, object]]:
        if not isinstance(node, syntax.PythonNode) or node.type != "simple_stmt":
            return
        first = node.children[0]
        called = first.type == "atom_expr" and first.children[-1].type == "trailer"
        raised = first.type == "raise_stmt"
        assigned = first.type == "expr_stmt" and first.children[0].type == "atom_expr"
        if called or raised or assigned:
            yield node.start_pos, node.end_pos

    def mutate(self, node: BaseNode, index: int) -> BaseNode:
        node.children[0] = syntax.Keyword("pass", node.start_pos)
        return node

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


class ReverseMembership(Operator):
    """``in`` for ``not in``, and the other way round."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[tuple[object, object]]:
        if node.type == "comparison":
            for word in node.children[1::2]:
                if word.get_code().split() in (["in"], ["not", "in"]):
                    yield word.start_pos, word.end_pos

    def mutate(self, node: BaseNode, index: int) -> BaseNode:
        places = [
            place
            for place, word in enumerate(node.children)
            if place % 2 and word.get_code().split() in (["in"], ["not", "in"])
        ]
        place = places[index]
        reverse = " not in" if node.children[place].get_code().strip() == "in" else " in"
        node.children[place] = syntax.Keyword(reverse, node.start_pos)
        return node

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


@dataclass(frozen=True)
class Mutant:
    """One mistake.

    Attributes:
        where: the function or class around it, with dots; empty at the top of the file.
        line: from 1.
        lines: all of the statement around it.
        before: the line as it is, without indentation.
        after: the same line with the mistake.
        source: the whole file with it.
        inside: whether it is within the body of a function.
    """

    operator: str
    where: str
    line: int
    lines: range
    before: str
    after: str
    source: str
    inside: bool


def mutants_of(source: str) -> Iterator[Mutant]:
    """Every mutant of the file with this text, each text once, from top to bottom by operator."""
    provider = OperatorProvider()
    operators = {name: provider[name]() for name in FROM_COSMIC_RAY}
    operators["RemoveStatement"] = RemoveStatement()
    operators["ReverseMembership"] = ReverseMembership()
    starts = [0, *accumulate(len(line) for line in source.splitlines(keepends=True))]
    scopes, statements = _scopes(source), _statements(source)
    seen = {source}
    for node in list(ast_nodes(get_ast(source))):
        if _is_shape(node):
            continue
        for name, operator in operators.items():
            for index, (start, _end) in enumerate(list(operator.mutation_positions(node))):
                mutated = _spliced(source, starts, node, operator, index)
                if mutated in seen or not _compiles(mutated):
                    continue
                seen.add(mutated)
                line = start[0]
                where, inside = _around(line, scopes)
                before, after = _difference(source, mutated, line)
                lines = min((each for each in statements if line in each), key=len)
                yield Mutant(name, where, line, lines, before, after, mutated, inside)


def _spliced(
    source: str, starts: list[int], node: NodeOrLeaf, operator: Operator, index: int
) -> str:
    """The text with one mutation of *node*; the tree is as before."""
    first = node.get_first_leaf()
    offset = starts[first.start_pos[0] - 1] + first.start_pos[1]
    old = node.get_code(include_prefix=False)
    children = list(node.children) if isinstance(node, BaseNode) else []
    leaves = [(leaf, leaf.value) for leaf in [node, *children] if hasattr(leaf, "value")]
    new = operator.mutate(node, index).get_code().strip(" ")
    if node.type != "simple_stmt":
        new = new.strip()
    elif not new.endswith("\n"):
        new += "\n"
    for leaf, value in leaves:
        leaf.value = value
    if isinstance(node, BaseNode):
        node.children[:] = children
    if isinstance(operator, RemoveStatement):  # as many lines as before
        new = new.rstrip("\n") + "\n" * old.count("\n")
    return f"{source[:offset]}{new}{source[offset + len(old) :]}"


def _is_shape(node: NodeOrLeaf) -> bool:
    """Whether *node* is within an annotation or a decorator."""
    below: NodeOrLeaf = node
    above = node.parent
    if node.type == "operator" and above is not None and above.type == "parameters":
        return True
    while above is not None:
        if above.type in ("decorator", "tfpdef"):
            return True
        if above.type == "annassign" and below is above.children[1]:
            return True
        if above.type == "funcdef" and below is above.annotation:
            return True
        below, above = above, above.parent
    return False


def _compiles(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


_Scope = tuple[int, int, str, bool]


def _scopes(source: str) -> list[_Scope]:
    """First and last line, name with dots, and whether it is a function's body."""
    found: list[_Scope] = []

    def look(node: ast.AST, names: tuple[str, ...]) -> None:
        for child in ast.iter_child_nodes(node):
            inner = names
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                inner = (*names, child.name)
                body = isinstance(child, ast.FunctionDef)
                first = child.body[0].lineno if body else child.lineno
                found.append((first, child.end_lineno or first, ".".join(inner), body))
            look(child, inner)

    look(ast.parse(source), ())
    return found


def _statements(source: str) -> list[range]:
    """The lines of every statement; of one with a body, those before it."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            after = body[0].lineno if body else (node.end_lineno or node.lineno) + 1
            found.append(range(node.lineno, max(after, node.lineno + 1)))
    return found


def _around(line: int, scopes: list[_Scope]) -> tuple[str, bool]:
    around = [scope for scope in scopes if scope[0] <= line <= scope[1]]
    innermost = max(around, key=lambda scope: scope[0], default=(0, 0, "", False))
    return innermost[2], any(scope[3] for scope in around)


def _difference(source: str, mutated: str, line: int) -> tuple[str, str]:
    old, new = source.splitlines(), mutated.splitlines()
    for before, after in zip(old, new, strict=False):
        if before != after:
            return before.strip(), after.strip()
    return old[line - 1].strip(), ""
