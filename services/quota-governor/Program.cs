using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.QuotaGovernor;

var builder = WebApplication.CreateBuilder(args);
builder.AddMeshDefaults("quota-governor");
builder.AddQuotaGovernor();

var app = builder.Build();
app.MapMeshDefaults();
app.MapQuotaGovernor();
await app.RunMeshAsync();
