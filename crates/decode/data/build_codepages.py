#!/usr/bin/env python3
"""Writes codepages.txt: the upper halves of single-byte encodings that the WHATWG standard does not know.

The mappings are those of the Unicode consortium's and vendors' tables as Python's codecs carry them. One line per encoding:
label, tab, Python's codec name, tab, 128 code points in hexadecimal for bytes 80 to FF, `-` where the byte means nothing.
"""
CODECS = {
    "ibm437": "cp437", "ibm720": "cp720", "ibm737": "cp737", "ibm775": "cp775", "ibm850": "cp850", "ibm852": "cp852",
    "ibm855": "cp855", "ibm857": "cp857", "ibm858": "cp858", "ibm860": "cp860", "ibm861": "cp861", "ibm862": "cp862",
    "ibm863": "cp863", "ibm865": "cp865", "ibm869": "cp869", "ibm1125": "cp1125", "kz-1048": "kz1048", "ptcp154": "ptcp154",
    "koi8-t": "koi8_t", "x-mac-ce": "mac_latin2", "x-mac-greek": "mac_greek", "x-mac-turkish": "mac_turkish",
    "x-mac-icelandic": "mac_iceland", "x-mac-croatian": "mac_croatian", "x-mac-romanian": "mac_romanian",
    "hp-roman8": "hp_roman8",
}
with open("codepages.txt", "w", encoding="ascii") as out:
    for label, codec in CODECS.items():
        points = []
        for byte in range(128, 256):
            try:
                points.append(f"{ord(bytes([byte]).decode(codec)):x}")
            except UnicodeDecodeError:
                points.append("-")
        out.write(f"{label}\t{codec}\t{' '.join(points)}\n")
