"""A notebook's run: a kernel that does not start gets another try, and at last a sentence; nobody listens to one."""
import ast
import os
import tempfile

import nbformat
import pytest

from liveshop import editions


@pytest.mark.parametrize("failures", [1, 2, 3])
def test_a_kernel_that_lost_its_ports_is_started_again(tiny_chapter, tmp_path, monkeypatch, failures):
    import nbclient

    left, execute = [failures], nbclient.NotebookClient.execute

    def fail_first(client, *args, **named):
        if left[0]:
            left[0] -= 1
            raise RuntimeError("Kernel died before replying to kernel_info")
        return execute(client, *args, **named)

    monkeypatch.setattr(nbclient.NotebookClient, "execute", fail_first)
    if failures < 3:
        done = editions.run(tiny_chapter, tmp_path)
        assert any(cell.get("outputs") for cell in done.cells)
    else:
        with pytest.raises(editions.EditionError, match="The kernel did not start: Kernel died"):
            editions.run(tiny_chapter, tmp_path)


TALK = """import os
from ipykernel.kernelapp import IPKernelApp
app = IPKernelApp.instance()
place = os.path.dirname(app.ip)
app.transport, place, place and os.stat(place).st_mode & 0o077"""


@pytest.mark.skipif(os.name != "posix", reason="this system has no such files")
def test_no_other_account_can_listen_to_a_kernel(tmp_path, monkeypatch):
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(TALK)])
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.delenv("TMPDIR", raising=False)
    said = editions.run(nb, tmp_path).cells[0].outputs[0]["data"]["text/plain"]
    transport, place, of_others = ast.literal_eval(said)
    assert (transport, of_others) == ("ipc", 0) and not os.path.exists(place)
    assert not list(tmp_path.iterdir()), "beside the notebook lies something of the kernel's"


def test_a_temporary_folder_with_a_long_name_is_no_hindrance(tmp_path, monkeypatch):
    (long := tmp_path / ("long" * 30)).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(TALK)])
    assert "'tcp'" in editions.run(nb, tmp_path).cells[0].outputs[0]["data"]["text/plain"]
