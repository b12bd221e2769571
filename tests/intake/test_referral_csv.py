"""Files of access points: what is read, and what is named as not read."""

from itertools import chain
from pathlib import Path

import pytest

from services.intake.codes import AccessPoint, Element
from services.intake.referral_csv import ONLY_TICKED, read_referrals
from services.intake.referral_file import Problem, ProblemCode
from services.intake.referral_vocabulary import OTHER_TITLES, TITLES, Field, plain

SAMPLES = Path(__file__).parents[2] / "services" / "intake" / "samples"
HEADER = "N. scheda;Data segnalazione;Informativa;Nominativo;Parentela"


def read(text, access_point=AccessPoint.CDA, encoding="utf-8"):
    return read_referrals(text.encode(encoding), access_point)


def one(columns, cells, line=1):
    """Reads one household of one row under *columns* (beside those of HEADER)."""
    told = read(f"{HEADER};{columns}\n1;12/01/2026;consegnata;Prova Uno;intestatario;{cells}\n")
    return told.referrals[0], told.problems


def words_of(referral, command):
    return [words for method, words in referral.then if method == command]


def sample(name, access_point):
    return read_referrals((SAMPLES / f"{name}.csv").read_bytes(), access_point)


# the samples


@pytest.mark.parametrize("point", list(AccessPoint))
def test_there_is_a_file_of_every_kind_of_access_point_and_all_of_it_is_read(point):
    told = sample(point.value, point)
    assert told.referrals
    assert told.problems == ()
    assert {referral.refer["access_point"] for referral in told.referrals} == {point.value}


def test_a_file_of_a_cda_in_all_its_words():
    told = sample("cda", AccessPoint.CDA)
    first, second = told.referrals
    assert first.refer == {
        "access_point": "cda",
        "on": "2026-01-12",
        "referral": {
            "person": "Prova Uno Esempio-Alfa",
            "birth_date": "1979-03-14",
            "tax_code": "SMPPVN79C14H501W",
            "phone": "000 5550101",
            "email": "prova.uno@esempio-alfa.invalid",
            "address": "Via Inesistente Alfa 1, Borgoprova",
            "reference": "CDA-01",
            "note": "racconto inventato alfa: chiede lavoro",
        },
    }
    assert [method for method, _ in first.then] == [
        "record_information_notice",
        "record_household",
        "record_isee",
        "record_vulnerability",
        "record_vulnerability",
        "record_capacity",
        "record_capacity",
    ]
    (household,) = words_of(first, "record_household")
    assert household["members"][2] == {
        "number": 3,
        "relation": "child",
        "name": "Prova Tre Esempio-Alfa",
        "tax_code": "SMPPVT11P61H501X",
        "birth_date": "2011-09-21",
        "sex": "f",
        "occupation": "student",
        "dependent": True,
        "disability": False,
        "proof": None,
        "proof_on": None,
    }
    assert words_of(first, "record_isee") == [
        {
            "kind": "ordinario",
            "value": "7431.17",
            "protocol": "INPS-ISEE-2026-ALFA00001-00",
            "issued_on": "2026-01-09",
            "omissions": False,
            "income_only": False,
        }
    ]
    assert words_of(first, "record_vulnerability") == [
        {"element": "unstable_housing", "note": "sfratto inventato alfa, entro sei mesi"},
        {"element": "fragile_network", "note": ONLY_TICKED},
    ]
    assert words_of(first, "record_capacity") == [
        {"kind": "professional", "capacity": "muratore di prova alfa", "member": 1},
        {"kind": "informal", "capacity": "cucina di prova alfa", "member": 2},
    ]
    assert second.line == 5
    assert words_of(second, "record_information_notice") == [{"state": "given", "on": "2026-01-16"}]


def test_a_file_in_the_encoding_of_older_windows_keeps_its_accents():
    told = sample("servizi_sociali", AccessPoint.SOCIAL_SERVICES)
    assert told.referrals[0].refer["referral"]["note"] == "perché: colloquio inventato gamma"
    assert words_of(told.referrals[1], "record_isee")[0]["income_only"] is True


def test_a_file_that_tells_nobodys_relation_knows_no_household():
    told = sample("cav", AccessPoint.CAV)
    assert [method for method, _ in told.referrals[0].then] == ["record_information_notice"]
    assert told.referrals[0].refer["referral"]["birth_date"] == "1998-12-17"
    assert words_of(told.referrals[0], "record_information_notice") == [
        {"state": "owed", "on": "2026-01-19"}
    ]


def test_a_disability_is_read_with_the_kind_and_the_day_of_its_proof():
    (referral,) = sample("consultorio", AccessPoint.CONSULTORIO).referrals
    member = words_of(referral, "record_household")[0]["members"][1]
    assert (member["disability"], member["proof"], member["proof_on"]) == (
        True,
        "legge_104",
        "2024-10-10",
    )


def test_an_export_with_commas_and_iso_days_is_read_too():
    (referral,) = sample("piattaforma", AccessPoint.PLATFORM).referrals
    assert referral.refer["on"] == "2026-01-22"
    assert words_of(referral, "record_isee")[0]["value"] == "11999.87"


def test_a_messy_file_gives_what_can_be_read_and_names_the_rest():
    told = sample("disordinata", AccessPoint.CDA)
    assert [referral.line for referral in told.referrals] == [4, 9]
    first = told.referrals[0]
    assert first.refer["referral"]["note"] == "nota inventata kappa; su due righe"
    assert words_of(first, "record_isee")[0]["protocol"] == "INPS-ISEE-2026-KAPP00001-00"
    assert words_of(told.referrals[1], "record_isee") == []
    assert [(each.line, each.column, each.code.value) for each in told.problems] == [
        (3, "column 16", "unknown_column"),
        (6, "Data di nascita", "not_a_date"),
        (6, "Condizione", "unknown_word"),
        (8, "Telefono", "two_values"),
        (8, "Data segnalazione", "not_a_date"),
        (8, "Valore ISEE", "not_an_amount"),
        (8, "Protocollo ISEE", "missing"),
        (8, "Data ISEE", "missing"),
        (8, "Informativa", "missing"),
        (9, "column 19", "untitled_cell"),
        (9, "Protocollo ISEE", "not_a_protocol"),
        (10, "Data segnalazione", "missing"),
        (10, "Informativa", "missing"),
    ]


def test_a_problem_never_repeats_what_is_in_the_file():
    cells = {
        cell.strip().strip('"')
        for line in (SAMPLES / "disordinata.csv").read_text(encoding="utf-8-sig").split("\n")[3:]
        for cell in line.split(";")
        if len(cell.strip()) > 2
    }
    problems = sample("disordinata", AccessPoint.CDA).problems
    assert cells.isdisjoint({problem.column for problem in problems})


def test_every_name_and_contact_of_the_samples_is_listed_as_invented():
    invented = (SAMPLES / "invented.txt").read_text(encoding="utf-8")
    for path in SAMPLES.glob("*.csv"):
        for referral in read_referrals(path.read_bytes(), AccessPoint.CDA).referrals:
            told = referral.refer["referral"]
            personal = {told[word] for word in ("person", "phone", "email", "address", "tax_code")}
            for words in words_of(referral, "record_household"):
                personal |= {member["name"] for member in words["members"]}
                personal |= {member["tax_code"] for member in words["members"]}
                personal |= {member["birth_date"] for member in words["members"]}
            for words in words_of(referral, "record_isee"):
                personal |= {words["value"], words["protocol"]}
            for word in personal - {None}:
                assert word in invented.split("\n"), (path.name, word)


# shapes of files


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1"])
def test_delimiters_line_ends_and_encodings_do_not_matter(delimiter, end, encoding):
    rows = [HEADER.split(";"), ["1", "12/01/2026", "consegnata", "Età Uno", "intestatario"]]
    told = read(end.join(map(delimiter.join, rows)), encoding=encoding)
    assert told.problems == ()
    assert told.referrals[0].refer["referral"]["person"] == "Età Uno"


def test_bytes_of_no_known_encoding_are_still_read():
    raw = f"{HEADER}\n1;12/01/2026;consegnata;Prova ".encode() + b"\x81\xe9" + b";intestatario"
    told = read_referrals(raw, AccessPoint.CDA)
    assert told.referrals[0].refer["referral"]["person"].endswith("é")


@pytest.mark.parametrize("text", ["", "\n\n", "Prova Uno;Esempio-Alfa\n", "a;b;c\n1;2;3\n"])
def test_a_file_without_titles_is_not_guessed(text):
    assert read(text) == read_referrals(b"", None)
    assert read(text).problems == (Problem(1, "", ProblemCode.NO_HEADER),)


@pytest.mark.parametrize(("before", "found"), [(9, True), (10, False)])
def test_the_titles_are_looked_for_in_the_first_ten_lines(before, found):
    text = "elenco\n" * before + f"{HEADER}\n1;12/01/2026;consegnata;Prova Uno;intestatario\n"
    assert bool(read(text).referrals) is found


def test_three_known_titles_are_a_header_and_two_are_none():
    enough = read("N. scheda;Data segnalazione;Nominativo\n1;12/01/2026;Prova Uno\n")
    assert len(enough.referrals) == 1
    too_few = read("Data segnalazione;Nominativo\n12/01/2026;Prova Uno\n")
    assert (too_few.referrals, too_few.problems) == ((), (Problem(1, "", ProblemCode.NO_HEADER),))


def test_a_column_of_an_unknown_title_and_a_cell_under_none_are_named():
    told = read(f"{HEADER};Colore\n1;12/01/2026;consegnata;Prova Uno;intestatario;blu;altro\n")
    assert told.problems == (
        Problem(1, "column 6", ProblemCode.UNKNOWN_COLUMN),
        Problem(2, "column 7", ProblemCode.UNTITLED_CELL),
    )


def test_the_sign_of_the_euro_of_older_windows_is_read():
    text = f"{HEADER};Tipo ISEE;Isee\n1;12/01/2026;consegnata;Prova Uno;intestatario;;€ 7.450,00\n"
    told = read(text, encoding="cp1252")
    assert ProblemCode.NOT_AN_AMOUNT not in {problem.code for problem in told.problems}


def test_a_cell_too_large_for_the_reader_is_named_and_nothing_breaks():
    told = read(f"{HEADER}\n1;12/01/2026;consegnata;{'x' * 200_000};intestatario\n")
    assert told.referrals == ()
    assert told.problems == (Problem(1, "", ProblemCode.UNREADABLE),)


def test_the_access_point_is_that_of_the_row_if_it_says_one():
    text = f"{HEADER};Punto di accesso\n1;12/01/2026;consegnata;Prova Uno;intestatario;CAV\n"
    assert read(text, None).referrals[0].refer["access_point"] == "cav"
    assert read(text, AccessPoint.CDA).referrals[0].refer["access_point"] == "cav"


def test_without_an_access_point_a_row_is_not_a_referral():
    told = read(f"{HEADER}\n1;12/01/2026;consegnata;Prova Uno;intestatario\n", None)
    assert told.referrals == ()
    assert told.problems == (Problem(2, "Punto di accesso", ProblemCode.MISSING),)


def test_rows_of_one_file_number_are_one_household_wherever_they_stand():
    told = read(
        f"{HEADER}\n"
        "1;12/01/2026;consegnata;Prova Uno;intestatario\n"
        "2;13/01/2026;consegnata;Prova Due;intestataria\n"
        " 1 ;;;Prova Tre;figlia\n"
    )
    first, second = told.referrals
    assert [m["name"] for m in words_of(first, "record_household")[0]["members"]] == [
        "Prova Uno",
        "Prova Tre",
    ]
    assert second.line == 3


def test_a_row_that_tells_only_of_the_household_is_nobody():
    told = read(
        f"{HEADER};Tel;Capacità professionali\n"
        "1;12/01/2026;consegnata;;;000 5550101;\n"
        "1;;;Prova Uno;intestatario;;cuce\n"
    )
    [referral] = told.referrals
    assert referral.refer["referral"]["phone"] == "000 5550101"
    members = words_of(referral, "record_household")[0]["members"]
    assert [(member["number"], member["name"]) for member in members] == [(1, "Prova Uno")]
    assert [words["member"] for words in words_of(referral, "record_capacity")] == [1]


def test_what_cannot_be_read_of_the_household_is_named_by_the_line_where_it_stands():
    told = read(
        f"{HEADER};Isee\n1;12/01/2026;consegnata;Prova Uno;intestatario;\n1;;;Prova Due;figlia;x\n"
    )
    assert Problem(3, Field.ISEE_VALUE, ProblemCode.NOT_AN_AMOUNT) in told.problems


def test_rows_without_a_file_number_are_households_of_their_own():
    told = read(
        f"{HEADER}\n;12/01/2026;consegnata;Prova Uno;intestatario\n"
        ";13/01/2026;consegnata;Prova Due;intestataria\n"
    )
    assert [referral.refer["on"] for referral in told.referrals] == ["2026-01-12", "2026-01-13"]


def test_nothing_follows_a_referral_while_the_notice_is_not_told():
    told = read(f"{HEADER}\n1;12/01/2026;;Prova Uno;intestatario\n")
    assert told.referrals[0].then == ()
    assert told.problems == (Problem(2, "Informativa", ProblemCode.MISSING),)
    told = read(f"{HEADER}\n1;12/01/2026;forse;Prova Uno;intestatario\n")
    assert told.referrals[0].then == ()
    assert told.problems == (Problem(2, "Informativa", ProblemCode.UNKNOWN_WORD),)


def test_two_rows_that_contradict_each_other_are_named_and_the_first_counts():
    told = read(
        f"{HEADER}\n1;12/01/2026;consegnata;Prova Uno;intestatario\n"
        "1;13/01/2026;Consegnata;Prova Due;figlia\n"
    )
    assert told.referrals[0].refer["on"] == "2026-01-12"
    assert told.problems == (Problem(3, "Data segnalazione", ProblemCode.TWO_VALUES),)


def test_who_is_not_said_to_be_what_to_whom_is_named():
    told = read(
        f"{HEADER}\n1;12/01/2026;consegnata;Prova Uno;\n1;;;Prova Due;\n1;;;Prova Tre;figlia\n"
    )
    members = words_of(told.referrals[0], "record_household")[0]["members"]
    assert [member["relation"] for member in members] == ["applicant", "other", "child"]
    assert told.problems == (Problem(3, "Parentela", ProblemCode.MISSING),)


# cells


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("7431,17", "7431.17"),
        ("7.431,17", "7431.17"),
        ("€ 7.431,17", "7431.17"),
        ("7.431,1 EUR", "7431.10"),
        ("7431", "7431.00"),
        ("7.431", "7431.00"),
        ("7431.17", "7431.17"),
        ("1.234.567,89", "1234567.89"),
        ("0", "0.00"),
        ("7 431,17", "7431.17"),
    ],
)
def test_amounts_as_people_write_them(cell, value):
    referral, problems = one(
        "Tipo ISEE;ISEE;Protocollo ISEE;Data ISEE",
        f"ordinario;{cell};INPS-ISEE-2026-ALFA00001;09/01/2026",
    )
    assert words_of(referral, "record_isee")[0]["value"] == value
    assert problems == ()


@pytest.mark.parametrize(
    "cell", ["diecimila", "7,431.17", "-7431,17", "7431,175", "7.4", "74.31,1"]
)
def test_other_amounts_are_not_guessed(cell):
    referral, problems = one(
        "Tipo ISEE;ISEE;Protocollo ISEE;Data ISEE",
        f"ordinario;{cell};INPS-ISEE-2026-ALFA00001;09/01/2026",
    )
    assert words_of(referral, "record_isee") == []
    assert problems == (Problem(2, "Valore ISEE", ProblemCode.NOT_AN_AMOUNT),)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("12/01/1979", "1979-01-12"),
        ("1/2/1979", "1979-02-01"),
        ("1-2-1979", "1979-02-01"),
        ("1.2.1979", "1979-02-01"),
        ("1979-02-01", "1979-02-01"),
        ("29/02/2024", "2024-02-29"),
        ("", None),
    ],
)
def test_days_as_people_write_them(cell, day):
    referral, problems = one("Data di nascita", cell)
    assert words_of(referral, "record_household")[0]["members"][0]["birth_date"] == day
    assert problems == ()


@pytest.mark.parametrize(
    "cell", ["12/01/79", "29/02/2026", "2/13/1979", "marzo", "1979", "0/1/1979"]
)
def test_other_days_are_not_guessed(cell):
    referral, problems = one("Data di nascita", cell)
    assert words_of(referral, "record_household")[0]["members"][0]["birth_date"] is None
    assert problems == (Problem(2, "Data di nascita", ProblemCode.NOT_A_DATE),)


@pytest.mark.parametrize(
    ("cell", "disability", "proof"),
    [
        ("no", False, None),
        ("", False, None),
        ("sì", True, None),
        ("L. 104/92", True, "legge_104"),
        ("Invalidità civile", True, "invalidita_civile"),
    ],
)
def test_a_disability_as_people_write_it(cell, disability, proof):
    referral, problems = one("Disabilità", cell)
    member = words_of(referral, "record_household")[0]["members"][0]
    assert (member["disability"], member["proof"]) == (disability, proof)
    assert problems == ()


def test_an_unknown_word_about_a_disability_is_no_denial():
    referral, problems = one("Disabilità", "da chiarire")
    assert words_of(referral, "record_household")[0]["members"][0]["disability"] is True
    assert problems == (Problem(2, "Disabilità", ProblemCode.UNKNOWN_WORD),)


@pytest.mark.parametrize(
    ("cell", "sex"),
    [
        ("F", "f"),
        ("femmina", "f"),
        (" m ", "m"),
        ("Maschile", "m"),
        ("non indicato", "not_stated"),
        ("n.i.", "not_stated"),
        ("", None),
    ],
)
def test_the_sex_as_people_write_it(cell, sex):
    referral, problems = one("Sesso", cell)
    assert words_of(referral, "record_household")[0]["members"][0]["sex"] == sex
    assert problems == ()


def test_the_sex_is_never_read_from_the_tax_code_and_an_unknown_word_is_named():
    referral, problems = one("Sesso;Codice fiscale", "boh;SMPPVT11P61H501X")
    assert words_of(referral, "record_household")[0]["members"][0]["sex"] is None
    assert problems == (Problem(2, Field.SEX, ProblemCode.UNKNOWN_WORD),)


@pytest.mark.parametrize(
    ("cells", "income_only"),
    [
        *(("reddito", True), ("solo reddito", True)),
        *(("patrimonio", False), ("reddito e patrimonio", False)),
    ],
)
def test_a_corrente_says_what_changed(cells, income_only):
    referral, problems = one(
        "Tipo ISEE;ISEE;Protocollo ISEE;Data ISEE;Variazione",
        f"corrente;7431,17;INPS-ISEE-2026-ALFA00001;09/01/2026;{cells}",
    )
    assert words_of(referral, "record_isee")[0]["income_only"] is income_only
    assert problems == ()


def test_a_corrente_of_which_it_is_not_said_is_left_out():
    referral, problems = one(
        "Tipo ISEE;ISEE;Protocollo ISEE;Data ISEE",
        "corrente;7431,17;INPS-ISEE-2026-ALFA00001;9/1/2026",
    )
    assert words_of(referral, "record_isee") == []
    assert problems == (Problem(2, "Variazione", ProblemCode.MISSING),)


@pytest.mark.parametrize(
    ("cell", "omissions", "unread"),
    [("no", False, False), ("", False, False), ("sì", True, False), ("forse", None, True)],
)
def test_omissions_are_never_overlooked(cell, omissions, unread):
    referral, problems = one(
        "Tipo ISEE;ISEE;Protocollo ISEE;Data ISEE;Omissioni",
        f"ordinario;7431,17;INPS-ISEE-2026-ALFA00001;09/01/2026;{cell}",
    )
    told = words_of(referral, "record_isee")
    assert [words["omissions"] for words in told] == ([] if unread else [omissions])
    assert bool(problems) is unread


def test_without_a_certificate_nothing_is_missing():
    referral, problems = one("Tipo ISEE;ISEE;Protocollo ISEE;Data ISEE", ";;;")
    assert words_of(referral, "record_isee") == []
    assert problems == ()


@pytest.mark.parametrize(
    ("column", "element"),
    [
        ("Abitazione instabile", Element.UNSTABLE_HOUSING),
        ("Gestione domestica e budget", Element.HOME_AND_BUDGET),
        ("Rete fragile", Element.FRAGILE_NETWORK),
        ("Supporto figli", Element.NO_SUPPORT_WITH_CHILDREN),
        ("Altre vulnerabilità", Element.OTHER),
    ],
)
@pytest.mark.parametrize(
    ("cell", "note"),
    [("x", ONLY_TICKED), ("Sì", ONLY_TICKED), ("in parole", "in parole"), ("no", None), ("", None)],
)
def test_other_elements_are_ticked_or_told_in_words(column, element, cell, note):
    referral, _ = one(column, cell)
    expected = [] if note is None else [{"element": element.value, "note": note}]
    assert words_of(referral, "record_vulnerability") == expected


def test_a_capacity_of_a_person_without_household_is_that_of_the_family():
    told = read("Data;Informativa;Nominativo;Competenze\n12/01/2026;consegnata;Prova Uno;cucito\n")
    assert words_of(told.referrals[0], "record_capacity") == [
        {"kind": "informal", "capacity": "cucito", "member": None}
    ]


# titles


@pytest.mark.parametrize(
    ("title", "made_plain"),
    [
        (" N. Scheda ", "n scheda"),
        ("Omissioni/difformità", "omissioni difformita"),
        ("E-MAIL", "e mail"),
        ("Nato/a  il:", "nato a il"),
        ("...", ""),
    ],
)
def test_titles_are_compared_without_case_accents_and_points(title, made_plain):
    assert plain(title) == made_plain


def test_every_spelling_of_a_title_is_written_plain_and_means_one_thing():
    assert all(plain(title) == title for title in TITLES)
    assert set(TITLES.values()) == set(Field)
    spellings = [*(plain(each) for each in Field), *chain.from_iterable(OTHER_TITLES.values())]
    assert sorted(spellings) == sorted(TITLES)
