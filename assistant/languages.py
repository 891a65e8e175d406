"""The words of asking in other languages, by which a question is recognised and put into English.

An entry reads "English: forms", the first of two equal forms is served; "-" are words that say nothing on their own, "*" marks
verbs. Forms are stemmed and read without accents.
Nouns of a domain are not here: a dataset names its things in other languages by labels with a language tag.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import snowballstemmer

from assistant.words import fold

HAN = "\u3400-\u9fff"
_PIECE = re.compile(rf"[{HAN}]|[^\W_{HAN}]+(?:['’.][^\W_{HAN}]+)*")
Said = tuple[str, bool]  # what a form is in English ("" for nothing), and whether that is a verb
SHORT = 2  # letters of a word whose accents are kept: "e" and "é" are two words


@dataclass(frozen=True)
class Language:
    """A language whose simple questions are read.

    ``table`` is as described above; ``notice`` opens an answer, ``unread`` a question that could not be read.
    """

    code: str
    name: str
    stemmer: str
    table: str
    notice: str
    unread: str

    @cached_property
    def _stem(self) -> Any:
        return snowballstemmer.stemmer(self.stemmer) if self.stemmer else None

    def pieces(self, text: str) -> list[tuple[int, int, str, str]]:
        """The words of a text: span, as written (folded), stem; in a script without spaces its characters.

        An elided article stands alone, and an abbreviation in capitals is never a word of the language.
        """
        found = []
        loud = text != text.upper()  # capitals are an abbreviation where others are small
        for m in _PIECE.finditer(text):
            cut = re.search(r"['’]", m.group())
            spans = [(m.start(), m.start() + cut.start()), (m.start() + cut.end(), m.end())] if cut else [m.span()]
            found += [(a, b, *self._piece(text[a:b], loud)) for a, b in spans if a < b]
        return found

    def _piece(self, word: str, loud: bool) -> tuple[str, str]:
        if loud and len(word) > 1 and word.isupper() and word.isascii():
            return word, word
        if len(word) <= SHORT:
            return word.casefold(), word.casefold()
        folded = fold(word)
        return folded, str(self._stem.stemWord(folded)) if self._stem and folded.isalpha() else folded

    def keys(self, form: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """A form as it is written, and its stems."""
        pieces = self.pieces(form)
        return tuple(written for _, _, written, _ in pieces), tuple(stem for _, _, _, stem in pieces)

    @cached_property
    def entries(self) -> tuple[dict[tuple[str, ...], Said], dict[tuple[str, ...], Said]]:
        """What forms say, by their written words and by their stems."""
        exact: dict[tuple[str, ...], Said] = {}
        stems: dict[tuple[str, ...], Said] = {}
        for entry in " ".join(self.table.split()).split(";"):
            english, _, forms = entry.partition(":")
            said = english.strip().lstrip("*")
            for form in forms.split(","):
                for table, key in zip((exact, stems), self.keys(form), strict=True):
                    table.setdefault(key, ("" if said == "-" else said, english.strip().startswith("*")))
        return exact, stems

    @cached_property
    def written(self) -> frozenset[str]:
        """The single words of all forms as they are written, folded."""
        return frozenset(fold(w) for entry in self.table.split(";") for w in re.findall(r"\w+", entry.partition(":")[2]))


GERMAN = Language(
    "de", "German", "german", """
how much does it cost: was kostet, wie viel kostet, was kostet das; *want: möchte, möchten; who: wer, wem, wen, von wem; what is:
was ist, was sind, was bedeutet, was heißt, wie lautet, wie heißt, was versteht man unter; on what: worauf; on which: auf welchem,
auf welcher, auf welches; with what: womit; what: was, wofür; which: welche, welcher, welches, welchen, welchem, was für, was für
ein, was für eine; how many: wie viele, wieviele, wie viel; how old: wie alt; when: wann; where: wo, woher; why: warum, wieso,
weshalb; how: wie; since when: seit wann; in which year: in welchem jahr; is there: gibt es; tell me about: erzähl mir von,
erzähle mir etwas über, was weißt du über; list: nenne, nenn mir, liste, zeige, zeig mir, auflisten; compare: vergleiche,
vergleich; recommend: empfiehl, empfehlung, empfehlen; explain: erkläre, erklär; hello: hallo, guten tag; *is: ist, sind, war,
waren; *was: wurde, wurden; *have: hat, haben, besitzt, enthält; *support: unterstützt, unterstützen; *use: benutzt, verwendet,
nutzt, benutzen, verwenden, nutzen; *created: erstellt, geschaffen, entwickelt, erfunden, gemacht, geschrieben, schuf, erfand,
schrieb; *released: veröffentlicht, erschienen, erschien; *maintains: pflegt, wartet, betreut; *maintained: gepflegt, gewartet;
current: aktuell, aktuelle; *need: braucht, brauchen, benötigt, benötigen; *can: kann, können, kannst; *should: soll, sollte,
sollten; *offer: bietet, bieten; *come: kommt, kam, stammt; *differ: unterscheidet, unterscheiden; *choose: wählen, nehmen; *work
with: funktioniert mit, läuft mit, arbeitet mit; *run on: läuft auf, laufen auf, läuft unter; *based on: basiert auf, basiert,
beruht, beruht auf, gebaut auf, aufgebaut auf; difference: unterschied, unterschiede; the same: derselbe, dieselbe, dasselbe,
gleiche; oldest: älteste, ältesten, ältester; older: älter; newest: neueste, neuesten, jüngste; newer: neuer, jünger; fast:
schnell; slow: langsam; fastest: schnellste, schnellsten; best: beste, besten, am besten; better: besser; most: meisten, die
meisten; fewest: wenigsten; more than: mehr als; less than: weniger als; at least: mindestens; not: nicht; no: kein, keine,
keinen; without: ohne; except: außer; other than: andere als, anders als; built in: eingebaut, eingebaute, von haus aus,
mitgeliefert; and: und, sowie; or: oder; but: aber; with: mit; for: für; from: von, vom, aus; of: des; between: zwischen; before:
vor; after: nach; since: seit; than: als; all: alle, allen, alles; both: beide, beiden; under: unter; example: beispiel,
beispiele; advantages: vorteile, vorteil; disadvantages: nachteile, nachteil; alternatives: alternative, alternativen; i: ich,
man; it: es, er, ihn; my: mein, meine, meinen; new: neu, neue, neuen; -: der, die, das, den, dem, ein, eine, einen, einem, einer,
in, im, zu, zum, zur, auf, an, auch, denn, eigentlich, bitte, sich, steht, werden, wird, da, bei, mir, du
""",
    "Antworten gibt es hier auf Englisch.",
    "Auf Deutsch lese ich nur einfache Fragen; bitte frage auf Englisch.",
)  # fmt: skip

SPANISH = Language(
    "es", "Spanish", "spanish", """
how much does it cost: cuánto cuesta, cuánto cuestan; *want: quiero, queremos; *work: funciona, funcionan; who: quién, quiénes,
por quién, de quién; what is: qué es, qué son, cuál es, cuáles son, qué significa; on what: en qué, sobre qué; which: cuál,
cuáles, qué; how many: cuántos, cuántas; how old: qué edad; when: cuándo; where: dónde; why: por qué; how: cómo; since when: desde
cuándo; in which year: en qué año; is there: hay, existe, existen; tell me about: háblame de, cuéntame sobre, qué sabes de; list:
lista, enumera, muestra, dime; compare: compara, comparar; recommend: recomienda, recomiendas, recomendación; explain: explica,
explícame; hello: hola, buenos días; *is: es, son, está, están, fue, era; *have: tiene, tienen, incluye, incluyen, trae; *support:
soporta, soportan, admite, admiten; *use: usa, usan, utiliza, utilizan, usar, utilizar; *created: creó, creado, creada, hizo,
desarrolló, desarrollado, escribió, escrito, inventó; *released: lanzó, lanzado, publicó, publicado, salió, apareció; *maintains:
mantiene, mantienen; *maintained: mantenido; current: actual; *need: necesita, necesitan, requiere, requieren; *can: puede,
pueden, puedo; *should: debo, debería; *offer: ofrece, ofrecen; *differ: diferencia de, diferencian; *choose: elegir, escoger;
*work with: funciona con, funcionan con; *run on: funciona en, corre en; *based on: basado en, basa en, basa, basado, construido,
construido sobre; difference: diferencia, diferencias; the same: mismo, misma; oldest: más antiguo, más antigua, más viejo; older:
más antiguo que; newest: más nuevo, más reciente, más nueva, más joven; newer: más nuevo que; fastest: más rápido; best: mejor,
mejores; more than: más de; less than: menos de; at least: al menos, por lo menos; most: más; not: no; without: sin; except:
excepto, salvo; other than: aparte de, distinto de; built in: integrado, integrada, incorporado, incorporada; and: y, e; or: o, u;
but: pero; with: con; for: para; of: de, del; between: entre; before: antes de; after: después de; since: desde; than: que; all:
todos, todas; both: ambos, ambas; under: bajo; example: ejemplo, ejemplos; advantages: ventajas, ventaja; disadvantages:
desventajas, desventaja; alternatives: alternativa, alternativas; new: nuevo, nueva; my: mi, mis; -: el, la, los, las, lo, un,
una, unos, unas, en, a, al, se, su, sus, por, por favor, ser, me, ha, han, te, tú, año
""",
    "Las respuestas están en inglés.",
    "En español solo leo preguntas sencillas; por favor, pregunta en inglés.",
)  # fmt: skip

FRENCH = Language(
    "fr", "French", "french", """
how much does it cost: combien coûte, combien ça coûte; *want: voudrais, veux, voudrions; *can: peux-tu, pouvez-vous; who: qui,
par qui, qui est-ce qui; what is: qu est ce que, qu est ce qu, quel est, quelle est, quels sont, quelles sont, c est quoi, que
signifie; on what: sur quoi; on which: sur quel, sur quelle; with what: avec quoi; what: que, qu, quoi, qu'est-ce qui; which:
quel, quelle, quels, quelles, lequel, laquelle, lesquels; how many: combien de, combien; how old: quel âge a; when: quand; where:
où; why: pourquoi; how: comment; since when: depuis quand; in which year: en quelle année; does: est-ce que, est-ce qu; is there:
y a-t-il, existe-t-il, il y a; tell me about: parle-moi de, que sais-tu de, parlez-moi de; list: liste, énumère, montre,
donne-moi, cite; compare: compare, comparer, comparez; recommend: recommande, recommandes, recommandez, conseilles; explain:
explique, expliquez, explique-moi; hello: bonjour, salut; *is: est, sont, était, est-il, est-elle; *was: fut; *have: a-t-il,
a-t-elle, ont, possède, possèdent, inclut, comporte; *support: supporte, supportent, prend en charge, prennent en charge; *use:
utilise, utilisent, utiliser; *created: créé, créée, a créé, a fait, développé, a développé, écrit, a écrit, inventé, conçu;
*released: sorti, publié, paru, apparu, est sorti; *maintains: maintient, maintiennent; *maintained: maintenu; current: actuel,
actuelle; *need: nécessite, besoin, exige; *can: peut, peuvent, peut-on, puis-je; *should: dois-je, devrais-je, faut-il; *offer:
offre, offrent, propose, proposent; *choose: choisir; *work with: fonctionne avec, marche avec; *run on: tourne sur, fonctionne
sur; *based on: basé sur, basé, repose, construit, bâti, fondé sur, repose sur, construit sur; difference: différence,
différences; the same: même, mêmes; oldest: le plus ancien, la plus ancienne, les plus anciens, plus ancien, plus ancienne, plus
vieux; newest: le plus récent, la plus récente, le plus jeune, plus récent, plus récente, plus nouveau, plus jeune; fastest: le
plus rapide, la plus rapide, plus rapide; best: meilleur, meilleure, meilleurs, mieux; more than: plus de; less than: moins de; at
least: au moins; most: le plus; not: pas, ne pas; without: sans; except: sauf, hormis; other than: autre que, autres que; built
in: intégré, intégrée, intégrés, incluse; and: et; or: ou; but: mais; with: avec; for: pour; of: de, du, des, d; between: entre;
before: avant; after: après; since: depuis; all: tous, toutes; both: les deux; under: sous; example: exemple, exemples;
advantages: avantages, avantage; disadvantages: inconvénients, inconvénient; alternatives: alternative, alternatives; new:
nouveau, nouvelle; my: mon, ma, mes; it: il, elle; -: le, la, les, l, un, une, a, au, aux, à, en, dans, ce, cette, ces, se, s, on,
je, j, tu, vous, par, sur, s'il vous plaît, ils, elles, ne, n, été, t
""",
    "Les réponses sont en anglais.",
    "En français, je ne lis que des questions simples ; merci de poser la question en anglais.",
)  # fmt: skip

PORTUGUESE = Language(
    "pt", "Portuguese", "portuguese", """
how much does it cost: quanto custa, quanto custam; *want: quero, queremos, gostaria; *work: funciona, funcionam; who: quem, por
quem, de quem; what is: o que é, o que são, qual é, quais são, o que significa, qual a, qual o; what: o que, o quê; on what: em
que, sobre o que; on which: em qual, sobre qual; which: qual, quais, que; how many: quantos, quantas; how old: quantos anos tem;
when: quando; where: onde; why: por que, porque, por quê; how: como; since when: desde quando; in which year: em que ano; is
there: há, existe, existem; tell me about: fale sobre, fala sobre, me fale sobre; list: liste, lista, mostre, diga; compare:
compare, comparar; recommend: recomenda, recomende, recomendação; explain: explique, explica; hello: olá, oi, bom dia; *is: é,
são, está, estão, foi, era; *have: tem, têm, possui, possuem, inclui, incluem; *support: suporta, suportam, dá suporte a; *use:
usa, usam, utiliza, utilizam, usar, utilizar; *created: criou, criado, criada, fez, desenvolveu, desenvolvido, escreveu, escrito,
inventou; *released: lançou, lançado, lançada, publicado, saiu, apareceu, surgiu; *maintains: mantém, mantêm; *maintained:
mantido; current: atual; *need: precisa, precisam, requer, exige; *can: pode, podem, posso; *should: devo, deveria; *offer:
oferece, oferecem; *choose: escolher; *work with: funciona com, funcionam com; *run on: funciona no, funciona na, roda em, roda
no, funciona em; *based on: baseado em, baseia em, baseia, baseado, construído, construído sobre; difference: diferença,
diferenças; the same: mesmo, mesma; oldest: mais antigo, mais antiga, mais velho; newest: mais novo, mais recente, mais nova;
fastest: mais rápido; best: melhor, melhores; more than: mais de; less than: menos de; at least: pelo menos; most: mais; not: não;
without: sem; except: exceto; other than: além de, diferente de; built in: embutido, embutida, integrado, integrada; and: e; or:
ou; but: mas; with: com; for: para; of: de, do, da, dos, das; between: entre; before: antes de; after: depois de; since: desde;
than: do que; all: todos, todas; both: ambos, ambas; under: sob; example: exemplo, exemplos; advantages: vantagens, vantagem;
disadvantages: desvantagens, desvantagem; alternatives: alternativa, alternativas; new: novo, nova; my: meu, minha; -: o, a, os,
as, um, uma, em, no, na, nos, nas, ao, à, se, por, pelo, pela, por favor, ser, seu, sua, você, me, ano, eu
""",
    "As respostas são em inglês.",
    "Em português só leio perguntas simples; por favor, pergunte em inglês.",
)  # fmt: skip

RUSSIAN = Language(
    "ru", "Russian", "russian", """
how much does it cost: сколько стоит, сколько это стоит; *want: хочу, хотим; who: кто, кем, кому; what is: что такое, что значит,
что означает; on what: на чём, на чем; on which: на каком, на какой; what: что, чем; which: какой, какая, какое, какие, каком,
каких, какую, какими, какого; how many: сколько; how old: сколько лет; when: когда; where: где; why: почему, зачем; how: как;
since when: с каких пор; since which: с какой, начиная с какой; under which: под какой; in which year: в каком году; is there:
есть ли, существует ли, существуют ли; does: ли; tell me about: расскажи о, расскажи про, расскажите о; list: перечисли, назови,
покажи, список; compare: сравни, сравнить, сравните; recommend: посоветуй, порекомендуй, рекомендуете; explain: объясни,
объясните; hello: привет, здравствуйте, добрый день; *is: это, является; *was: был, была, было, были; *have: имеет, имеют, есть;
*support: поддерживает, поддерживают; *use: использует, используют, использовать; *created: создал, создала, создан, создали,
написал, написала, разработал, придумал, сделал, автор создал; *released: вышел, вышла, выпущен, выпустили, появился, появилась;
*maintains: сопровождает, развивает; current: текущий, актуальный; *need: нужен, нужна, нужно, требует, требуется; *can: может,
можно, могу; *should: стоит, следует; *offer: предлагает, предлагают; *differ: отличается, отличаются; *choose: выбрать; *work
with: работает с, работают с; *run on: работает на, работают на; *based on: основан на, построен на, основана на, основан,
построен, основана; difference: разница, разницу, отличие, отличия, различие; the same: одинаковый, одинаковая, та же; oldest:
самый старый, старейший, самая старая; newest: самый новый, новейший; fastest: самый быстрый; best: лучший, лучшие, самый лучший;
better: лучше; most: больше всего, самый; more than: больше чем, более; less than: меньше чем, менее; at least: не менее, по
крайней мере; not: не, нет; without: без; except: кроме; built in: встроенный, встроенная, встроенные, из коробки; and: и; or:
или; but: но; with: с, со; for: для; from: из, от; between: между; before: до; after: после; since: с тех пор; all: все, всех;
both: оба, обе; example: пример, примеры; advantages: преимущества, плюсы; disadvantages: недостатки, минусы; alternatives:
альтернатива, альтернативы; i: я, мне; my: мой, моя; it: он, она, оно, его, её; new: новый, новая; -: у, в, во, на, о, об, к, по,
же, бы, а, под, пожалуйста, они, от, года, году, ей, ему
""",
    "Ответы даются на английском языке.",
    "По-русски я понимаю только простые вопросы; пожалуйста, спросите по-английски.",
)  # fmt: skip

CHINESE = Language(
    "zh", "Chinese", "", """
how much does it cost: 多少钱; *want: 想; who: 谁, 是谁, 由谁, 哪位; what is: 是什么, 什么是, 是什麼, 什麼是,
是啥; what: 什么, 什麼; which: 哪些, 哪个, 哪一个, 哪種, 哪种, 哪個, 什么样的; how many: 有多少, 有多少个, 多少个, 多少,
几个; how old: 多大; when: 什么时候, 是什么时候, 是何时, 何时, 什麼時候; in which year: 哪一年, 哪年; where: 在哪里,
哪里; why: 为什么, 為什麼, 为何; how: 如何, 怎么, 怎样, 怎麼; since which: 从哪个, 自哪个; does: 吗, 嗎, 是否; is
there: 有没有; tell me about: 介绍一下, 请介绍, 介绍; list: 列出, 请列出; compare: 比较, 对比, 比較; recommend:
推荐, 推薦; explain: 解释, 解释一下; hello: 你好, 您好; *is: 是; *have: 有, 拥有, 具有; *support: 支持, 支援;
*use: 使用, 用; *created: 创建, 创造, 开发, 开发的, 创建的, 编写, 编写的, 写的, 发明, 開發, 创立, 做的; *released: 发布,
发布的, 推出; *maintains: 维护, 维护的; current: 当前; *need: 需要; *can: 可以, 能; *should: 应该; *offer:
提供; *work with: 兼容; *based on: 基于, 建立在; difference: 区别, 不同, 差别, 差异, 區別; relation: 关系;
the same: 相同, 一样; oldest: 最早的, 最老的, 最古老的, 最早, 最老; newest: 最新的, 最新; fastest: 最快的, 最快;
best: 最好的, 最好; better: 更好; not: 不, 不是; *not have: 没有; without: 没有任何; except: 除了; built
in: 内置, 自带, 内建; and: 和, 与, 及, 跟, 還有; or: 或, 或者, 还是; but: 但, 但是; for: 用于, 适合; from: 来自;
before: 之前; after: 之后; since: 自; all: 所有, 全部; both: 都, 两者, 二者, 三者; example: 例子;
advantages: 优点, 优势; disadvantages: 缺点; alternatives: 替代品; i: 我; it: 它; -: 的, 之间, 间, 到底,
呢, 了, 在, 请, 啊, 请问, 中, 什么样, 一个, 种, 个, 地, 得, 被
""",
    "回答使用英语。",
    "中文我只能读懂简单的问题；请用英语提问。",
)  # fmt: skip

LANGUAGES = (GERMAN, SPANISH, FRENCH, PORTUGUESE, RUSSIAN, CHINESE)
