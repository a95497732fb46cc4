def pytest_addoption(parser):
    parser.addoption("--accept", action="store_true", help="write the golden texts anew")
