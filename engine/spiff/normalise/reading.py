"""An expression of another engine as one of ours: `${!approved}`, `= status = "new"`, `getDataObject('x') = 'y'`.

JUEL (Camunda 7, Flowable, Activiti), FEEL (Camunda 8, DMN 1.3 §10.3) and LOOSE are read by one grammar; where they
differ, the language decides. LOOSE is for texts in no language or in XPath: only names, values, comparisons, and, or,
not, which say the same in all of them, and the data functions of BPMN 2.0.2 §10.4.3. What would come out otherwise here
than there is never translated: it is Foreign, with the reason.
"""

from engine.spiff.expressions import BRACKETS, CHARACTERS, compile_expression
from engine.spiff.lint.findings import words as listed
from engine.spiff.normalise import calls
from engine.spiff.normalise.pieces import AND, COMPARED, MINUS, NOT, OR, PRODUCT, SUM, Piece, chosen
from engine.spiff.normalise.tokens import END, FEEL, JUEL, LOOSE, Foreign, Word, words
from ground.errors import Refused

SIGNS = ("==", "!=", "<=", ">=", "<", ">", "=")
SPELLED = {"eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=", "=": "==", "div": "/"}
# Words that have a meaning of their own in FEEL, and so are no part of a name with spaces.
KEYWORDS = listed(
    "and or not in between if then else for return some every satisfies true false null instance of function"
)
# Objects of other engines, and names that Python would take for its own values.
STRANGERS = frozenset({"execution", "task", "caseExecution", "True", "False", "None"})


def translate(source: str, language: str) -> str:
    """The same condition or value in our language; Foreign says what has no counterpart."""
    if len(source) > CHARACTERS or sum(map(source.count, "([{")) > BRACKETS:
        raise Foreign(source, "size")
    reader = _Reader(source, language)
    try:
        found = reader.whole()
        compile_expression(found)
    except Refused as refused:
        raise Foreign(source, refused.code) from None
    except RecursionError:
        raise Foreign(source, "depth") from None
    if language == LOOSE and found.isidentifier() and len(source.split()) > 1 and "(" not in source:
        raise Foreign(source, "prose")
    return str(found)


class _Reader:
    """One walk over the words, from the loosest operator down to the single value."""

    def __init__(self, source: str, language: str) -> None:
        self.source = source
        self.language = language
        self.left = [*words(source), END]
        self.at = 0

    @property
    def next(self) -> Word:
        return self.left[self.at]

    def takes(self, *texts: str, only: str = "") -> str | None:
        """Step over one of these signs or keywords, if it is next and the language is right."""
        word = self.next
        if word.kind not in {"sign", "name"} or word.text not in texts or (only and self.language != only):
            return None
        self.at += 1
        return word.text

    def wants(self, text: str) -> None:
        """Step over this, or stop."""
        if not self.takes(text):
            raise self.foreign("syntax")

    def foreign(self, why: str) -> Foreign:
        return Foreign(self.source, why)

    def whole(self) -> Piece:
        found = self.value()
        if self.next is not END:
            raise self.foreign("syntax")
        return found

    def value(self) -> Piece:
        """`if a then b else c` of FEEL and `a ? b : c` of JUEL are our `b if a else c`."""
        if self.takes("if", only=FEEL):
            test = self.value()
            self.wants("then")
            then = self.value()
            self.wants("else")
            return chosen(test, then, self.value())
        quantifier = self.takes("some", "every", only=FEEL)
        if quantifier:
            return self.quantified(quantifier)
        found = self.either()
        if self.takes("?", only=JUEL):
            then = self.value()
            self.wants(":")
            return chosen(found, then, self.value())
        return found

    def quantified(self, quantifier: str) -> Piece:
        """Only whether some or every item equals a value: `some x in list satisfies x = 1` is `1 in list`."""
        name = self.named()
        self.wants("in")
        whole = self.postfixed()
        self.wants("satisfies")
        if self.named() != name or not self.takes("="):
            raise self.foreign(quantifier)
        value = self.sum()
        if self.next is not END or name in {word.text for word in words(value)}:
            raise self.foreign(quantifier)
        if quantifier == "some":
            return Piece(f"{value.within(SUM)} in {whole}", COMPARED)
        return Piece(f"count({whole}) == 0 or min({whole}) == {value} and max({whole}) == {value}", OR)

    def either(self) -> Piece:
        found = self.both()
        while self.takes("or", "||"):
            found = Piece(f"{found.within(OR)} or {self.both().within(AND)}", OR)
        return found

    def both(self) -> Piece:
        found = self.compared()
        while self.takes("and", "&&"):
            found = Piece(f"{found.within(AND)} and {self.compared().within(NOT)}", AND)
        return found

    def compared(self) -> Piece:
        """One comparison; a chain of them means another thing in each language."""
        left = self.sum()
        if self.takes("between", only=FEEL):
            low = self.sum()
            self.wants("and")
            return Piece(f"{low.within(SUM)} <= {left.within(SUM)} <= {self.sum().within(SUM)}", COMPARED)
        if self.takes("in", only=FEEL):
            return self.tested(left)
        operator = self.operator()
        if operator is None:
            return left
        found = Piece(f"{left.within(SUM)} {operator} {self.sum().within(SUM)}", COMPARED)
        if self.operator() is not None:
            raise self.foreign("chain")
        return found

    def operator(self) -> str | None:
        sign = self.takes(*SIGNS) or self.takes("eq", "ne", "lt", "gt", "le", "ge", only=JUEL)
        if (sign, self.language) in {("=", JUEL), ("==", FEEL)}:
            raise self.foreign(f"{sign}")  # an assignment there, and nothing here
        return SPELLED.get(sign or "", sign)

    def tested(self, value: Piece) -> Piece:
        """`x in [1..5]`, `x in (1, 2)`, `x in list`."""
        opening = self.takes("[", "(", "]")
        if opening is None:
            return Piece(f"{value.within(SUM)} in {self.postfixed()}", COMPARED)
        items = [self.value()]
        if self.takes(".."):
            last, closing = self.postfixed("."), self.takes("]", ")", "[")
            low, high = "<=" if opening == "[" else "<", "<=" if closing == "]" else "<"
            if closing is None:
                raise self.foreign("range")
            return Piece(f"{items[0].within(SUM)} {low} {value.within(SUM)} {high} {last.within(SUM)}", COMPARED)
        while self.takes(","):
            items.append(self.value())
        self.wants({"[": "]", "(": ")"}.get(opening, "?"))
        return Piece(f"{value.within(SUM)} in [{', '.join(items)}]", COMPARED)

    def sum(self) -> Piece:
        found = self.product()
        while sign := self.takes("+", "-"):
            right = self.product()
            if self.language == JUEL and sign == "+" and (found[0] in "\"'" or right[0] in "\"'"):
                raise self.foreign("adds_texts")  # JUEL reckons "1" + "2" as 3
            found = self.reckoned(Piece(f"{found.within(SUM)} {sign} {right.within(PRODUCT)}", SUM))
        return found

    def product(self) -> Piece:
        found = self.single()
        while sign := self.takes("*", "/") or self.takes("div", only=JUEL):
            right = self.single().within(MINUS)
            found = self.reckoned(Piece(f"{found.within(PRODUCT)} {SPELLED.get(sign, sign)} {right}", PRODUCT))
        if self.takes("%", "**") or self.takes("mod", only=JUEL):
            raise self.foreign("remainder")  # its sign is another one in Java
        return found

    def reckoned(self, found: Piece) -> Piece:
        """In XPath `a/b` is a path and `a-b` a name."""
        if self.language == LOOSE:
            raise self.foreign("reckoning")
        return found

    def single(self) -> Piece:
        if self.takes("-"):
            return Piece(f"-{self.single().within(MINUS)}", MINUS)
        if self.language != FEEL and (self.takes("!") or self.takes("not", only=JUEL)):
            return Piece(f"not {self.single().within(COMPARED)}", NOT)
        if self.takes("empty", only=JUEL):
            return Piece(f"empty({self.single()})")
        return self.postfixed()

    def postfixed(self, *signs: str) -> Piece:
        """A value with its fields, items and calls."""
        found = self.primary()
        while sign := self.takes(*signs or (".", "[")):
            if sign == "[":
                found = self.item(found)
                continue
            name = self.named()
            if self.takes("(", only=JUEL):
                found = self.called(calls.METHODS.get(name), name, found, *self.arguments())
            elif found == "execution":
                raise self.foreign("execution")
            else:
                found = Piece(f"{found.within()}.{name}")
        return found

    def item(self, whole: Piece) -> Piece:
        """FEEL counts items from 1, JUEL from 0; a filter has no counterpart, and in XPath it is one."""
        index = self.value()
        self.wants("]")
        if self.language == FEEL and index.isdigit() and index != "0":
            return Piece(f"{whole.within()}[{int(index) - 1}]")
        if self.language == JUEL:
            return Piece(f"{whole.within()}[{index}]")
        raise self.foreign("filter")

    def primary(self) -> Piece:
        word = self.next
        if word.kind in {"text", "number"}:
            self.at += 1
            return Piece(word.text)
        if self.takes("("):
            found = self.value()
            self.wants(")")
            return Piece(found.within())
        if self.takes("[", only=FEEL):
            return Piece(f"[{', '.join(self.arguments(']'))}]")
        name = self.named()
        if self.takes(":", only=LOOSE):
            name = self.named()  # bpmn:getDataObject
        if self.takes("("):
            return self.called(calls.FUNCTIONS[self.language].get(name), name, *self.arguments())
        if name in STRANGERS and not (name == "execution" and self.language == JUEL and self.next.text == "."):
            raise self.foreign(name)
        return Piece(name)

    def named(self) -> str:
        """A name; where it may have spaces, it has `_` here."""
        parts: list[str] = []
        spaces = self.language != JUEL
        while self.next.kind == "name" and (not parts or (spaces and not KEYWORDS & {parts[-1], self.next.text})):
            parts.append(self.next.text)
            self.at += 1
        if not parts:
            raise self.foreign("syntax")
        return "_".join(parts)

    def arguments(self, closing: str = ")") -> list[Piece]:
        found: list[Piece] = []
        if self.takes(closing):
            return found
        found.append(self.value())
        while self.takes(","):
            found.append(self.value())
        self.wants(closing)
        return found

    def called(self, make: calls.Make | None, name: str, *arguments: Piece) -> Piece:
        try:
            made = make(*arguments) if make else None
        except TypeError:
            made = None
        if made is None:
            raise self.foreign(f"{name}()")
        return made if isinstance(made, Piece) else Piece(made)
