"""A notebook's run: a kernel that does not start gets another try, and at last a sentence."""
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
