"""The whole program in one file, and back: rows, stored files, and the proof that both are what they were.

``making`` writes an archive, ``restoring`` reads it into an empty database. An archive is a plain tar:

    about.json              version, migrations, when, and what tells the right keys from wrong ones
    rows/<table>.jsonl.gz   a line of column names, then a line per row
    files/<path>            every file that a row names
    summary.json            rows per table, files, files that were missing or damaged already
    manifest                sha256, size and name of all of the above, in their order
    manifest.mac            HMAC of the manifest with the history's key

The keys themselves are never in it: personal data stays ciphertext, and nobody without the history's key can
make an archive that is accepted.
"""
