"""What is counted is what a scrape shows."""

from prometheus_client.parser import text_string_to_metric_families

from gateway.metrics import Metrics


def samples(metrics):
    families = text_string_to_metric_families(metrics.render().decode())
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


def test_requests_and_durations_are_shown_by_label():
    metrics = Metrics()
    metrics.count("a", "mock", 200, 0.0001)
    metrics.count("a", "mock", 200, 99.0)
    metrics.count("b", "upstream", 502, 0.01)
    shown = samples(metrics)
    assert shown["mimic_requests_total", (("route", "a"), ("source", "mock"), ("status", "200"))] == 2
    assert shown["mimic_requests_total", (("route", "b"), ("source", "upstream"), ("status", "502"))] == 1
    assert shown["mimic_request_duration_seconds_count", (("source", "mock"),)] == 2
    assert shown["mimic_request_duration_seconds_bucket", (("le", "0.0005"), ("source", "mock"))] == 1
    assert shown["mimic_request_duration_seconds_bucket", (("le", "+Inf"), ("source", "mock"))] == 2
    assert metrics.totals() == {"mock": 2, "upstream": 1}


def test_gauges_are_read_at_each_scrape():
    metrics = Metrics()
    value = [1.0]
    metrics.add_gauges(lambda: {"mimic_definitions": value[0]})
    assert samples(metrics)["mimic_definitions", ()] == 1
    value[0] = 2.0
    assert samples(metrics)["mimic_definitions", ()] == 2


def test_trouble_is_counted_by_kind():
    metrics = Metrics()
    metrics.count_faults(("delay", "reset"))
    metrics.count_faults(("delay",))
    shown = samples(metrics)
    assert shown["mimic_faults_total", (("kind", "delay"),)] == 2
    assert shown["mimic_faults_total", (("kind", "reset"),)] == 1
