"""The same site made by other generators: Hugo, Eleventy, and MkDocs with Material.

`data` prepares what they are given, `tools` makes their projects and runs them, `comparing` says how equal
the results are. Their templates lie in folders of their names.
"""
