using System.Diagnostics;
using ProxylessMesh.Client.Propagation;

namespace ProxylessMesh.Client.Tests.Propagation;

public sealed class HeaderPropagatorTests
{
    [Fact]
    public void OutsideOfARequestNothingIsAdded()
    {
        var request = new HttpRequestMessage();

        HeaderPropagator.Apply(request);

        Assert.Empty(request.Headers);
    }

    [Fact]
    public void WhatTheServedRequestCarriesGoesOnUnlessTheAppSaysOtherwise()
    {
        PropagatedHeaders.Current = [new("x-request-id", "42"), new("end-user", "jason"), new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
        var request = new HttpRequestMessage();
        request.Headers.Add("end-user", "admin");

        HeaderPropagator.Apply(request);

        Assert.Equal("42", request.Headers.GetValues("x-request-id").Single());
        Assert.Equal("admin", request.Headers.GetValues("end-user").Single());
        Assert.StartsWith("00-0af7", request.Headers.GetValues("traceparent").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void TheCurrentActivityIsTheParentNotTheServedRequest()
    {
        PropagatedHeaders.Current = [new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
        using var activity = new Activity("serving").SetParentId("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").Start();
        var request = new HttpRequestMessage();

        HeaderPropagator.Apply(request);

        Assert.Equal(activity.Id, request.Headers.GetValues("traceparent").Single());
        Assert.Contains("0af7651916cd43dd8448eb211c80319c", activity.Id, StringComparison.Ordinal);
    }

    [Fact]
    public void ConfiguredNamesJoinTheStandardOnesOnce()
    {
        var names = PropagationHeaderNames.With(["End-User", "x-request-id"]);

        Assert.Equal(1, names.Count(n => n == "x-request-id"));
        Assert.Contains("end-user", names);
        Assert.Contains("x-b3-traceid", names);
    }
}
