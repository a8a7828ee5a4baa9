"""The correction of an identity number (身份证号更正): asked by the person, compared and made by the authority."""
