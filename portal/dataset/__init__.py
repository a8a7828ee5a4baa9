"""The data sets on which speed is measured: a city as it is, and a nation. Written by COPY, never by the program."""
