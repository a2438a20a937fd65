"""What real sites serve: small cases of it, each with the right value.

Each case is written here and named after what holds. Where somebody reported the fault to
another project in public, the case names the project and the number of the report.
"""
